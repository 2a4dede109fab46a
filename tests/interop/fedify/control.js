// What a test may ask of the peer: POST /control/<verb> with JSON, GET /control/state.

import {
  Create,
  Delete,
  Follow,
  isActor,
  Like,
  Mention,
  Note,
  PUBLIC_COLLECTION,
  Tombstone,
  Undo,
} from "@fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";

import { asRead, NAME, signed } from "./federation.js";
import { asJson } from "./state.js";

/** Answers a control request; throws with a sentence when it cannot. */
export async function control(ctx, state, verb, body) {
  const action = VERBS[verb];
  if (action == null) throw new Error(`there is no control called ${verb}`);
  return await action(ctx, state, body);
}

const VERBS = { state: (_ctx, state) => asJson(state), look, follow, unfollow, publish, reply, like, unlike, remove };

async function look(ctx, _state, { uri }) {
  const found = await ctx.lookupObject(uri, await signed(ctx));
  if (found == null) throw new Error(`nothing was found at ${uri}`);
  if (found instanceof Note) return await asRead(found, "look");
  return await found.toJsonLd({ format: "compact", contextLoader: ctx.contextLoader });
}

async function follow(ctx, state, { actor }) {
  const hub = await actorAt(ctx, actor);
  const activity = new Follow({ id: fresh(ctx, "follow"), actor: me(ctx), object: hub.id });
  state.following.set(hub.id.href, { activity, answer: "waiting" });
  await send(ctx, hub, activity);
  return { id: activity.id.href, actor: hub.id.href };
}

async function unfollow(ctx, state, { actor }) {
  const hub = await actorAt(ctx, actor);
  const ours = state.following.get(hub.id.href);
  if (ours == null) throw new Error(`we do not follow ${actor}`);
  state.following.delete(hub.id.href);
  const undo = new Undo({ id: fresh(ctx, "undo"), actor: me(ctx), object: ours.activity });
  await send(ctx, hub, undo);
  return { id: undo.id.href };
}

async function publish(ctx, state, { content }) {
  const note = makeNote(ctx, state, { content });
  const create = creation(ctx, note);
  for (const follower of state.followers.values()) await send(ctx, follower, create);
  return { id: note.id.href };
}

async function reply(ctx, state, { note: uri, content }) {
  const target = await noteAt(ctx, uri);
  const author = await target.getAttribution(await signed(ctx));
  const mention = new Mention({ href: author.id, name: `@${author.preferredUsername}@${author.id.host}` });
  const note = makeNote(ctx, state, { content, replyTarget: target.id, author, mention });
  await send(ctx, author, creation(ctx, note));
  return { id: note.id.href };
}

async function remove(ctx, state, { note: uri, to }) {
  const key = new URL(uri).pathname.split("/").pop();
  if (!state.notes.delete(key)) throw new Error(`${uri} is not ours`);
  const activity = new Delete({
    id: fresh(ctx, "delete"),
    actor: me(ctx),
    object: new Tombstone({ id: new URL(uri) }),
    to: PUBLIC_COLLECTION,
  });
  await send(ctx, await actorAt(ctx, to), activity);
  return { id: activity.id.href };
}

async function like(ctx, state, { note: uri }) {
  const target = await noteAt(ctx, uri);
  const author = await target.getAttribution(await signed(ctx));
  const activity = new Like({ id: fresh(ctx, "like"), actor: me(ctx), object: target.id });
  state.likes.set(target.id.href, { activity, author });
  await send(ctx, author, activity);
  return { id: activity.id.href };
}

async function unlike(ctx, state, { note: uri }) {
  const ours = state.likes.get(uri);
  if (ours == null) throw new Error(`we do not like ${uri}`);
  state.likes.delete(uri);
  const undo = new Undo({ id: fresh(ctx, "undo"), actor: me(ctx), object: ours.activity });
  await send(ctx, ours.author, undo);
  return { id: undo.id.href };
}

function makeNote(ctx, state, { content, replyTarget = null, author = null, mention = null }) {
  const key = crypto.randomUUID();
  const followers = ctx.getFollowersUri(NAME);
  const note = new Note({
    id: ctx.getObjectUri(Note, { id: key }),
    attribution: me(ctx),
    content,
    replyTarget,
    published: Temporal.Now.instant(),
    to: PUBLIC_COLLECTION,
    ccs: author == null ? [followers] : [followers, author.id],
    tags: mention == null ? [] : [mention],
  });
  state.notes.set(key, note);
  return note;
}

function creation(ctx, note) {
  return new Create({
    id: new URL(`${note.id.href}#create`),
    actor: me(ctx),
    object: note,
    tos: note.toIds,
    ccs: note.ccIds,
  });
}

async function actorAt(ctx, uri) {
  const found = await ctx.lookupObject(uri, await signed(ctx));
  if (!isActor(found ?? {})) throw new Error(`there is no actor at ${uri}`);
  return found;
}

async function noteAt(ctx, uri) {
  const found = await ctx.lookupObject(uri, await signed(ctx));
  if (!(found instanceof Note)) throw new Error(`there is no note at ${uri}`);
  return found;
}

const me = (ctx) => ctx.getActorUri(NAME);
const fresh = (ctx, word) => new URL(`#${word}-${crypto.randomUUID()}`, me(ctx));
const send = (ctx, recipient, activity) =>
  ctx.sendActivity({ identifier: NAME }, recipient, activity, { immediate: true });
