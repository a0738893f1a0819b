// @ts-check
/** A signature as proof: written with finger, pen or mouse, or typed, which the picture then says. */

import { busyButton, button, field, h, show } from "../dom.js";
import { sha256 } from "../ids.js";
import { t } from "../language.js";
import { encode } from "../shrink.js";
import { drawName, drawStrokes, SHAPE, travelled } from "./ink.js";

const PLAIN = { class: "button plain" };
const TYPE = "image/png";
const PICTURE_WIDTH = 1200;
/** Less than this is a slip of the finger. */
const LEAST = 0.08;
const EMPTY = t("Sign in the box, or type your name instead.");

/** @param {(pen: CanvasRenderingContext2D, width: number, ink: string) => void} draw @returns {Promise<ArrayBuffer>} dark on white, whatever the screen shows */
function pictureOf(draw) {
  const canvas = Object.assign(document.createElement("canvas"), { width: PICTURE_WIDTH, height: PICTURE_WIDTH * SHAPE });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = "#fff"; // what is clear in a picture may come out black elsewhere
  pen.fillRect(0, 0, canvas.width, canvas.height);
  draw(pen, canvas.width, "#1c1b18");
  return encode(canvas, TYPE);
}

/**
 * The box to sign in.
 * @param {number[][]} strokes changed in place
 * @param {() => void} changed after each stroke
 */
function pad(strokes, changed) {
  const canvas = h("canvas", { class: "sign-pad", role: "img", "aria-label": t("Box to sign in with a finger, a pen or the mouse"), "aria-describedby": "sign-hint" });
  /** @type {{id: number, points: number[]} | null} */
  let now = null;

  function paint() {
    const { clientWidth: width } = canvas;
    const pixels = Math.max(1, Math.round(width * devicePixelRatio));
    Object.assign(canvas, { width: pixels, height: Math.round(pixels * SHAPE) });
    drawStrokes(canvas.getContext("2d"), strokes, pixels, getComputedStyle(canvas).color);
  }

  /** @param {PointerEvent} event */
  function add(event) {
    const { left, top, width } = canvas.getBoundingClientRect();
    const all = event.getCoalescedEvents?.() || [];
    for (const e of all.length ? all : [event]) now?.points.push((e.clientX - left) / width, (e.clientY - top) / width);
    paint();
  }

  /** @param {PointerEvent} event */
  function down(event) {
    if (now || event.button) return; // one pen at a time: the palm is none
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    now = { id: event.pointerId, points: [] };
    strokes.push(now.points);
    add(event);
  }

  /** @param {PointerEvent} event */
  function move(event) {
    if (now?.id === event.pointerId) add(event);
  }

  /** @param {PointerEvent} event */
  function up(event) {
    if (now?.id !== event.pointerId) return;
    now = null;
    changed();
  }

  for (const [name, listener] of Object.entries({ pointerdown: down, pointermove: move, pointerup: up, pointercancel: up })) canvas.addEventListener(name, listener);
  const sizes = new ResizeObserver(paint);
  sizes.observe(canvas);
  const theme = matchMedia("(prefers-color-scheme: dark)");
  theme.addEventListener("change", paint);
  const close = () => {
    sizes.disconnect();
    theme.removeEventListener("change", paint);
  };
  return { canvas, paint, close };
}

/** @param {import("./index.js").Work} work @returns {import("./index.js").Control} */
export function control({ kept, draft, save, act }) {
  const strokes = kept?.strokes || [];
  const stage = h("div", { class: "proof" });
  const error = h("p", { class: "error", role: "alert", hidden: true }, EMPTY);
  const signing = pad(strokes, changed);
  const name = field({ id: "name", label: t("Your name"), hint: t("The picture says that it was typed."), input: h("input", { id: "name", class: "middle", autocomplete: "name", maxlength: 80, enterkeyhint: "done" }) });
  name.control.value = kept?.words?.name || "";
  name.control.addEventListener("input", () => draft.write({ words: { name: name.control.value } }));
  const undo = button(t("Undo the last stroke"), () => take(strokes.length - 1), PLAIN);
  const clear = button(t("Clear"), () => take(0), PLAIN);

  /** @param {number} left how many strokes stay */
  function take(left) {
    strokes.splice(left);
    signing.paint();
    changed();
  }

  function changed() {
    error.hidden = true;
    undo.disabled = clear.disabled = !strokes.length;
    draft.write({ strokes });
  }

  /** @param {ArrayBuffer} bytes */
  async function keep(bytes) {
    const proof = { kind: "signature", sha256: await sha256(bytes), bytes: bytes.byteLength, media_type: TYPE, name: "signature.png" };
    await save(proof, { bytes, media_type: TYPE });
  }

  async function signed() {
    error.hidden = travelled(strokes) >= LEAST;
    if (!error.hidden) return;
    await keep(await pictureOf((pen, width, ink) => drawStrokes(pen, strokes, width, ink)));
  }

  async function typed() {
    const words = name.control.value.trim();
    if (!words) return name.complain(t("Type your name."));
    await keep(await pictureOf((pen, width, ink) => drawName(pen, words, width, ink)));
  }

  function write() {
    show(stage, h("p", { class: "hint", id: "sign-hint" }, t("Sign in the box.")), error, signing.canvas, h("div", { class: "buttons" }, undo, clear, button(t("Type the name instead"), type, PLAIN)));
    act(busyButton(t("Save the signature"), t("Saving"), signed));
    undo.disabled = clear.disabled = !strokes.length;
  }

  function type() {
    show(stage, name.element, h("div", { class: "buttons" }, button(t("Sign by hand instead"), write, PLAIN)));
    act(busyButton(t("Save the signature"), t("Saving"), typed));
    name.control.focus();
  }

  if (kept?.words?.name && !strokes.length) type();
  else write();
  return { element: stage, close: signing.close };
}
