// @ts-check
/** Elements made by calls, never from strings: what people wrote can only become text. */

/**
 * An element. `props` that start with "on" are listeners, `class` and everything else are attributes;
 * false, null and undefined are left out, true is an empty attribute.
 * @param {string} tag
 * @param {Record<string, any> | null} [props]
 * @param {...any} children elements, strings, lists; null and false are left out
 * @returns {any}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((c) => c != null && c !== false && c !== ""));
  return element;
}

/**
 * Shows exactly `children` in `parent`, keeping the focus on the element with the same `data-key`.
 * What is there already stays where it is: a browser lays out again only what was moved.
 * @param {Element} parent
 * @param {...any} children
 */
export function show(parent, ...children) {
  const focus = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.key : null;
  const nodes = children.flat(Infinity).filter((c) => c != null && c !== false && c !== "");
  place(parent, nodes.map((c) => (c instanceof Node ? c : new Text(String(c)))));
  if (!focus) return;
  const again = [...parent.querySelectorAll("[data-key]")].find((e) => e.getAttribute("data-key") === focus);
  if (again instanceof HTMLElement && document.activeElement !== again) again.focus({ preventScroll: true });
}

/** @param {Element} parent @param {Node[]} nodes */
function place(parent, nodes) {
  const wanted = new Set(nodes);
  for (const node of [...parent.childNodes]) if (!wanted.has(node)) node.remove();
  let next = parent.firstChild;
  for (const node of nodes) {
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
  }
}

/** @param {string} label @param {() => void} onclick @param {Record<string, any>} [props] */
export function button(label, onclick, props = {}) {
  return h("button", { type: "button", class: "button big wide", ...props, onclick }, label);
}

/**
 * A button that is busy while its work runs, so that a second press does nothing.
 * @param {string} label
 * @param {string} busy
 * @param {() => Promise<void>} work
 * @param {Record<string, any>} [props]
 */
export function busyButton(label, busy, work, props = {}) {
  const element = button(label, press, props);
  async function press() {
    if (element.getAttribute("aria-busy")) return;
    element.setAttribute("aria-busy", "true");
    element.textContent = busy;
    try {
      await work();
    } finally {
      element.removeAttribute("aria-busy");
      element.textContent = label;
    }
  }
  return element;
}

/** @param {...any} buttons the place at the thumb: last in the page */
export function thumb(...buttons) {
  return h("div", { class: "thumb" }, buttons);
}

/**
 * A labelled field.
 * @param {{id: string, label: string, hint?: string | null, input?: any}} field
 */
export function field({ id, label, hint, input }) {
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  const control = input || h("textarea", { id, rows: 3, maxlength: 4000 });
  control.setAttribute("aria-describedby", [hint && `${id}-hint`, `${id}-error`].filter(Boolean).join(" "));
  const element = h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    hint && h("p", { class: "hint", id: `${id}-hint` }, hint),
    error,
    control,
  );
  /** @param {string} words empty: right again */
  const complain = (words) => {
    error.textContent = words;
    error.hidden = !words;
    element.classList.toggle("wrong", Boolean(words));
    control.setAttribute("aria-invalid", String(Boolean(words)));
    if (words) control.focus();
  };
  return { element, control, complain };
}

/** When the next frame is seen; a page that nobody looks at has none. @returns {Promise<void>} */
export function afterFrame() {
  return new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, 100);
  });
}

/** @param {string} id */
export function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * Runs `work` one at a time: calls that come meanwhile give one more run, so the last state is shown.
 * @param {() => Promise<unknown>} work
 * @returns {() => Promise<void>}
 */
export function coalesce(work) {
  /** @type {Promise<void> | null} */
  let running = null;
  let again = false;
  async function runs() {
    try {
      do {
        again = false;
        await work();
      } while (again);
    } finally {
      running = null;
    }
  }
  return () => {
    again = true;
    running = running || runs();
    return running;
  };
}
