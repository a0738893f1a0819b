// @ts-check
/**
 * How this screen looks and which language it speaks, as it was chosen on this device. A classic script
 * before the styles: the first thing painted is already right. Whatever has the radios named "theme" is
 * the control for the looks.
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
      radio.defaultChecked = radio.value === theme; // it is kept: nothing here is half done
      radio.checked = radio.defaultChecked;
    });
  }

  const LANGUAGES = ["en", "es", "fr", "de", "pt", "ar"];
  const RIGHT_TO_LEFT = ["ar"];
  const WORDS_MS = 5_000;

  /** @returns {string} chosen here or on a page of the server, else what the browser asks for */
  function spoken() {
    const [, cookie = ""] = /(?:^|; )baton-language=(\w+)/.exec(document.cookie) || [];
    let kept = "";
    try {
      kept = localStorage.getItem("baton-language") || "";
    } catch {
      // nothing may be kept here
    }
    const asked = navigator.languages.map((each) => each.slice(0, 2).toLowerCase());
    return [cookie, kept, ...asked].find((each) => LANGUAGES.includes(each)) || "en";
  }

  /** The shells are the same for everybody: spoken.js says their words, which are not seen before. */
  function speak() {
    root.lang = spoken();
    root.dir = RIGHT_TO_LEFT.includes(root.lang) ? "rtl" : "ltr";
    if (root.lang === "en") return;
    root.dataset.words = "wait";
    setTimeout(() => delete root.dataset.words, WORDS_MS); // whatever comes of them
    const words = { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: `/static/words/${root.lang}.json` };
    const ahead = [words, { rel: "modulepreload", href: "/static/js/spoken.js" }];
    document.head.append(...ahead.map((each) => Object.assign(document.createElement("link"), each)));
  }

  if ("shell" in root.dataset) speak();

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
