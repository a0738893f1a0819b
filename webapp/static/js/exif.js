// @ts-check
/**
 * When a JPEG says that it was taken (Exif 2.32, 4.6.5: DateTimeOriginal and OffsetTimeOriginal).
 * Nothing else is read: not where.
 */

const APP1 = 0xffe1;
const EXIF_DIRECTORY = 0x8769;
const TAKEN = 0x9003;
const OFFSET = 0x9011;

/** @param {DataView} view @param {number} at @param {number} length */
function ascii(view, at, length) {
  return Array.from({ length }, (_, i) => String.fromCharCode(view.getUint8(at + i))).join("");
}

/** Where the TIFF part begins; -1 when there is none. @param {DataView} view */
function tiffOf(view) {
  if (view.getUint16(0) !== 0xffd8) return -1;
  for (let at = 2; view.getUint16(at) >= 0xffe0; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint16(at) === APP1 && ascii(view, at + 4, 4) === "Exif") return at + 10;
  }
  return -1;
}

/**
 * The directory's entries: where each has its value.
 * @param {DataView} view @param {number} at @param {boolean} little @returns {Map<number, number>}
 */
function entries(view, at, little) {
  const found = new Map();
  const count = view.getUint16(at, little);
  for (let i = 0; i < count; i++) found.set(view.getUint16(at + 2 + i * 12, little), at + 2 + i * 12 + 8);
  return found;
}

/**
 * @param {ArrayBuffer} head the first part of the file
 * @returns {Date | null} null when it does not say; without an offset the time is the device's own
 */
export function takenAt(head) {
  try {
    const view = new DataView(head);
    const tiff = tiffOf(view);
    if (tiff < 0) return null;
    const little = ascii(view, tiff, 2) === "II";
    const pointer = entries(view, tiff + view.getUint32(tiff + 4, little), little).get(EXIF_DIRECTORY);
    if (!pointer) return null;
    const tags = entries(view, tiff + view.getUint32(pointer, little), little);
    /** @param {number} tag @param {number} length */
    const text = (tag, length) => {
      const at = tags.get(tag);
      return at ? ascii(view, tiff + view.getUint32(at, little), length) : "";
    };
    return moment(text(TAKEN, 19), text(OFFSET, 6));
  } catch {
    return null; // the tags point outside: it says nothing that can be used
  }
}

/** @param {string} taken "2026:11:23 06:12:00" @param {string} offset "+01:00" or empty */
function moment(taken, offset) {
  const [day, time] = taken.split(" ");
  const at = new Date(`${day.replace(/:/g, "-")}T${time}${/^[+-]\d\d:\d\d$/.test(offset) ? offset : ""}`);
  return Number.isNaN(at.getTime()) ? null : at;
}
