// @ts-check
/**
 * How this screen looks, as it was chosen on this device. A classic script before the styles: the first
 * thing painted is already right. Whatever has the radios named "theme" is the control for it.
 */
(() => {
  const KEY = "baton-theme";
  /** @type {Record<string, string>} the paper of each theme, for the browser's own bars */
  const PAPER = { light: "#faf8f3", dark: "#151412", glare: "#ffffff" };
  const root = document.documentElement;

  /** @returns {string} a theme, or empty: as the device is set */
  function chosen() {
    try {
      const theme = localStorage.getItem(KEY) || "";
      return theme in PAPER ? theme : "";
    } catch {
      return "";
    }
  }

  /** @param {string} theme */
  function keep(theme) {
    try {
      if (theme) localStorage.setItem(KEY, theme);
      else localStorage.removeItem(KEY);
    } catch {
      return; // nothing may be kept here: it holds until the page is left
    }
  }

  /** @returns {NodeListOf<HTMLInputElement>} */
  const controls = () => document.querySelectorAll('input[name="theme"]');

  /** @param {string} theme */
  function wear(theme) {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    /** @type {NodeListOf<HTMLMetaElement>} */ (document.querySelectorAll('meta[name="theme-color"]')).forEach((meta) => {
      meta.content = PAPER[theme] || PAPER[meta.media.includes("dark") ? "dark" : "light"];
    });
    const scheme = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="color-scheme"]'));
    if (scheme) scheme.content = theme === "dark" ? "dark" : theme ? "light" : "light dark";
    controls().forEach((radio) => {
      radio.checked = radio.value === theme;
    });
  }

  const again = () => wear(chosen());
  again();
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-themes]").forEach((control) => control.removeAttribute("hidden"));
    again();
  });
  document.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.name !== "theme") return;
    keep(target.value);
    wear(target.value);
  });
  addEventListener("storage", ({ key }) => key === KEY && again());
  addEventListener("pageshow", ({ persisted }) => persisted && again());
})();
