// @ts-check
/** Moving a step by its line with a pointer, while the order is being changed: an extra over the buttons. */

import { byId } from "../dom.js";
import { items, settle, tell } from "./steps.js";

const list = byId("steps");

/** @param {HTMLElement} item @param {number} y puts the step before the first one whose middle is below */
function place(item, y) {
  const below = items().find((each) => {
    const box = each.getBoundingClientRect();
    return each !== item && box.top + box.height / 2 > y;
  });
  if (below ? below.previousElementSibling === item : list.lastElementChild === item) return;
  if (below) below.before(item);
  else list.append(item);
}

/** @param {PointerEvent} event */
function begin(event) {
  const grip = /** @type {HTMLElement} */ (event.target).closest(".step-grip");
  const item = /** @type {HTMLElement | null} */ (grip?.closest(".step-item") ?? null);
  if (!grip || !item || event.button !== 0) return;
  event.preventDefault();
  const before = items().indexOf(item);
  item.classList.add("dragged");
  /** @param {PointerEvent} moved */
  const follow = (moved) => place(item, moved.clientY);
  const end = () => {
    removeEventListener("pointermove", follow);
    item.classList.remove("dragged");
    if (items().indexOf(item) === before) return;
    settle();
    tell(item);
  };
  addEventListener("pointermove", follow);
  addEventListener("pointerup", end, { once: true });
  addEventListener("pointercancel", end, { once: true });
}

export function watchDrags() {
  list.addEventListener("pointerdown", begin);
}
