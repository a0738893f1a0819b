// @ts-check
/** What this device is called in sentences: a phone, and a tablet where it is a kiosk. */
export const here = { word: "phone" };
