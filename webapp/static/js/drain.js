// @ts-check
/**
 * One round: brings what lies on this device to the server, what matters most first. Commands (they are
 * small, and stop the clock) before bytes (`bytes.js`), also between two parts of a photo.
 *
 * A reply counts only when it is JSON, a success, and echoes the batch; a command leaves only against
 * its own receipt, bytes only when the server has them whole. 401 ends the round and deletes nothing.
 */

import { call, Problem } from "./api.js";
import { Bytes } from "./bytes.js";
import { me } from "./day.js";
import { refresh } from "./heard.js";
import { deviceId, uuid } from "./ids.js";
import { t } from "./language.js";
import { peopleHere } from "./kept.js";
import { annotate } from "./queue.js";
import { deviceState, isDue, reported } from "./report.js";
import { patchSteps, settle } from "./settle.js";
import { readAll, write } from "./store.js";
import { state, wake } from "./sync.js";

/** @typedef {import("./kept.js").Command} Command */
/** @typedef {import("./bytes.js").Progress} Progress */

const BATCH = 100;
const LONGEST_UNDO_MS = 10_000;
// Statuses by which the server refuses this very body; the batch is then halved to find the one at fault.
const REFUSED = new Set([400, 403, 404, 409, 413, 422, 500]);
const RECEIPTS = new Set(["applied", "held", "superseded", "rejected"]);

/** Fewer when the line is too slow for so many in one reply. */
let most = BATCH;

/**
 * How one kind of device is connected.
 * @typedef {object} Line
 * @property {() => Promise<Command[]>} lying what it holds, oldest first
 * @property {(commands: any[], about: Record<string, any>) => Promise<any>} post sends a batch
 * @property {(changes: any[]) => Promise<void>} show takes step states over into the screens' copy
 */

/** @param {Command} command what goes over the wire: without the device's own notes */
function wire({ person, run, trouble, about, undo_until, ...rest }) {
  return rest;
}

/** @param {Command[]} commands @param {Line} line @param {import("./report.js").DeviceState} [known] @returns {Promise<any>} */
async function post(commands, line, known) {
  const batch = uuid();
  const device_state = known || (await deviceState());
  const sent_at = new Date().toISOString();
  const reply = await line.post(commands.map(wire), { batch, device: await deviceId(), sent_at, device_state });
  if (reply.batch !== batch || !Array.isArray(reply.results)) {
    throw new Problem(0, "not_baton", t("Something else answered in place of the server."));
  }
  await reported(device_state);
  await write("meta", reply.signed_off === true, "signed_off").catch(() => undefined); // a full phone still sends
  return reply;
}

/** @param {Command[]} commands @param {Line} line @returns {Promise<number>} how many left the device */
async function exchange(commands, line) {
  const reply = await post(commands, line);
  const byId = new Map(commands.map((c) => [c.id, c]));
  const settled = reply.results
    .filter((/** @type {any} */ r) => byId.has(r?.id) && RECEIPTS.has(r.status))
    .map((/** @type {any} */ answer) => ({ command: byId.get(answer.id), answer }));
  await settle(settled, new Set(reply.missing_blobs));
  await line.show(settled.map((/** @type {any} */ s) => s.answer.step_run)).catch(() => undefined); // a full device sends all the same
  return settled.length;
}

/**
 * Sends a batch; when the server refuses it as a whole, finds the command at fault by halves so that
 * it cannot block the others. What came after it for the same step waits for the next round: it may
 * have been the way that refused it, and a step is told in its order.
 * @param {Command[]} all
 * @param {Line} line
 * @param {Set<string>} waiting steps of which a command was refused for the first time in this round
 * @returns {Promise<number>}
 */
async function send(all, line, waiting) {
  const commands = all.filter((c) => !waiting.has(c.step_run));
  if (!commands.length) return 0;
  try {
    return await exchange(commands, line);
  } catch (error) {
    if (!(error instanceof Problem) || !REFUSED.has(error.status) || error.code === "other_person") throw error;
    await post([], line); // whether it is the server that is at fault, and no command
    if (commands.length === 1) {
      const [{ id, step_run, trouble }] = commands;
      if (!trouble) waiting.add(step_run);
      await annotate(id, { trouble: error.detail });
      return 0;
    }
    const half = Math.ceil(commands.length / 2);
    return (await send(commands.slice(0, half), line, waiting)) + (await send(commands.slice(half), line, waiting));
  }
}

/** One round of commands. */
export class Round {
  /** @param {Line} line @param {boolean} answers whether the server answered just now @param {() => void} announce */
  constructor(line, answers, announce) {
    this.line = line;
    this.answers = answers;
    this.announce = announce;
    /** Commands of this round. @type {Set<string>} */
    this.tried = new Set();
    /** Steps that wait for the next one. @type {Set<string>} */
    this.waiting = new Set();
    this.left = 0;
    /** @type {Promise<void> | null} */
    this.asking = null;
  }

  /** What lies here now, for whoever wants it sent at the same time. @returns {Promise<void>} */
  sendCommands() {
    this.asking = this.asking || this.commands().finally(() => (this.asking = null));
    return this.asking;
  }

  async commands() {
    for (;;) {
      const batch = (await this.line.lying()).filter((c) => !this.tried.has(c.id)).slice(0, most);
      if (!batch.length) return;
      batch.forEach((c) => this.tried.add(c.id));
      this.left += await this.batch(batch);
      this.announce();
    }
  }

  /** @param {Command[]} batch @returns {Promise<number>} */
  async batch(batch) {
    try {
      const left = await send(batch, this.line, this.waiting);
      most = Math.min(BATCH, most * 2);
      return left;
    } catch (error) {
      if (this.answers && error instanceof Problem && error.unreachable) most = Math.ceil(batch.length / 2);
      throw error;
    }
  }

  /** Tells how this device stands, when the server has not heard it so. @returns {Promise<Problem | null>} */
  async report() {
    try {
      const standing = await deviceState();
      if (await isDue(standing)) await post([], this.line, standing);
      return null;
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  }
}

/** Remembers the name of who works here, for what lies here when somebody else does. @param {{id: string, name: string}} person */
async function remember({ id, name }) {
  const known = await peopleHere();
  if (known[id] !== name) await write("meta", { ...known, [id]: name }, "people");
}

/** Whether the round before went through: then work goes first, and the day is read once, after it. */
let wentThrough = false;
let heardAt = -1;

/** Reads the day. */
async function read() {
  const began = performance.now();
  const heard = await refresh();
  heardAt = began;
  return heard;
}

/** Whether the day was read since somebody wanted it. */
const isFresh = () => heardAt >= state.woken;

/**
 * Who is signed in: as the server says, or as this device heard last while the server cannot say. What
 * is then sent names its person, and the server refuses it under another sign-in.
 * @returns {Promise<{person: string, unread: Problem | null}>} `unread`: why the day was not read
 */
async function signedIn() {
  try {
    const { person } = await read();
    await remember(person);
    return { person: person.id, unread: null };
  } catch (error) {
    const known = await me();
    const problem = error instanceof Problem ? error : new Problem(422, "device", String(error));
    if (problem.status === 401 || !known) throw problem;
    return { person: known.person.id, unread: problem };
  }
}

/** Whether it can no longer be taken back; a clock that was set holds nothing up. @param {Command} command */
export function isFinal({ undo_until = 0 }) {
  const left = undo_until - Date.now();
  if (left <= 0 || left > LONGEST_UNDO_MS) return true;
  setTimeout(wake, left); // the page that offered it may be gone
  return false;
}

/** @param {string} person @returns {Promise<Command[]>} oldest first */
async function commandsOf(person) {
  const all = await readAll("commands");
  return all.filter((c) => c.person === person).sort((a, b) => a.seq - b.seq);
}

/** What a person brings who is signed in. @param {string} person @returns {Line} */
function lineOf(person) {
  return {
    lying: async () => (await commandsOf(person)).filter(isFinal),
    // Whose work this is: the server refuses it if another person is signed in by now.
    post: (commands, about) => call("POST", "/api/v1/sync", { json: { ...about, commands }, headers: { "Baton-Person": person } }),
    show: (changes) => patchSteps(person, changes),
  };
}

/** Who is known here, if the day need not be read before: a sign-in that is another by now is refused. */
async function knownHere() {
  const known = wentThrough ? await me() : null;
  if (!known?.signed_in) return null;
  const { id } = known.person;
  return isFresh() || (await lineOf(id).lying()).length ? { person: id, unread: null } : null;
}

/**
 * Who am I, what is mine, send what lies here, look again if something changed.
 * @param {() => void} announce
 * @param {(progress: Progress) => void} came before each part
 */
export async function drain(announce, came) {
  const known = await knownHere();
  wentThrough = false;
  const { person, unread } = known || (await signedIn());
  announce();
  const line = lineOf(person);
  const round = new Round(line, !known && !unread, announce);
  try {
    await round.sendCommands();
  } catch (error) {
    if (known && error instanceof Problem && error.code === "other_person") return drain(announce, came); // for who it is now
    throw error;
  }
  const between = () => round.sendCommands().then(() => round.left);
  const bytes = new Bytes(person, { between, came, show: (changes) => line.show(changes).catch(() => undefined).then(announce) });
  await bytes.send();
  const untold = bytes.failure?.unreachable ? null : await round.report();
  const failure = bytes.failure || untold || unread;
  if (failure) throw failure;
  if (round.left || bytes.done || !isFresh()) await read();
  wentThrough = true;
  await write("meta", new Date().toISOString(), "safe_at");
  const stuck = (await commandsOf(person)).find((c) => c.trouble);
  if (stuck) throw new Problem(422, "refused", stuck.trouble || "");
}
