// @ts-check
/** The module of pages that the server renders: nothing but what every page does. */

import { boot } from "./app.js";

boot();
