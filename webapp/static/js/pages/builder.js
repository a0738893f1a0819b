// @ts-check
/** The builder: a form that works without any of this, and needs no page load with it. */

import { watchDrags } from "../builder/drag.js";
import { keepForm } from "../builder/kept.js";
import { watchLinks } from "../builder/links.js";
import { watchForm } from "../builder/live.js";
import { watchPictures } from "../builder/pictures.js";
import { watchRemovals } from "../builder/removed.js";
import { watchSteps } from "../builder/steps.js";
import { byId } from "../dom.js";

const form = /** @type {HTMLFormElement} */ (byId("builder"));

watchLinks();
watchPictures(form);
watchSteps();
watchRemovals(form);
watchDrags();
keepForm(form);
if (form.dataset.live) watchForm(form);
