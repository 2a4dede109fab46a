// The peer's ActivityPub side: one actor, `peer`, that accepts every follower and remembers all it is told.

import {
  createFederation,
  generateCryptoKeyPair,
  MemoryKvStore,
} from "@fedify/fedify";
import {
  Accept,
  Activity,
  Announce,
  Create,
  Delete,
  Endpoints,
  Follow,
  Image,
  Note,
  Person,
  Reject,
  Undo,
  Update,
} from "@fedify/vocab";

export const NAME = "peer";
/** Notes on a page of the outbox, the newest first. */
const PAGE = 10;

/** Makes the federation. `origin` is our public address, `firstKnock` the signature tried first. */
export async function makeFederation(state, { origin, firstKnock }) {
  const keyPairs = await Promise.all([
    generateCryptoKeyPair("RSASSA-PKCS1-v1_5"),
    generateCryptoKeyPair("Ed25519"),
  ]);
  const federation = createFederation({
    kv: new MemoryKvStore(),
    origin,
    firstKnock,
    allowPrivateAddress: true, // the hub under test is on loopback
  });
  serveActor(federation, state, keyPairs);
  serveNotes(federation, state);
  listen(federation, state);
  return federation;
}

function serveActor(federation, state, keyPairs) {
  federation.setNodeInfoDispatcher("/nodeinfo/2.1", () => ({
    software: { name: "fettle-interop-peer", version: "0.0.0" },
    protocols: ["activitypub"],
    usage: { users: { total: 1 }, localPosts: state.notes.size, localComments: 0 },
  }));
  federation
    .setActorDispatcher("/users/{identifier}", async (ctx, identifier) => {
      if (identifier !== NAME) return null;
      const keys = await ctx.getActorKeyPairs(identifier);
      return new Person({
        id: ctx.getActorUri(identifier),
        preferredUsername: identifier,
        name: "A peer made with Fedify",
        url: ctx.getActorUri(identifier),
        inbox: ctx.getInboxUri(identifier),
        outbox: ctx.getOutboxUri(identifier),
        followers: ctx.getFollowersUri(identifier),
        following: ctx.getFollowingUri(identifier),
        endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
        publicKey: keys[0].cryptographicKey,
        assertionMethods: keys.map((key) => key.multikey),
      });
    })
    .setKeyPairsDispatcher((_ctx, identifier) => identifier === NAME ? keyPairs : []);
  federation
    .setFollowersDispatcher("/users/{identifier}/followers", () => ({
      items: [...state.followers.values()],
    }))
    .setCounter(() => state.followers.size);
  federation
    .setFollowingDispatcher("/users/{identifier}/following", () => ({
      items: [...state.following.keys()].map((uri) => new URL(uri)),
    }))
    .setCounter(() => state.following.size);
  federation
    .setOutboxDispatcher("/users/{identifier}/outbox", (ctx, identifier, cursor) => {
      const start = Number(cursor);
      const notes = [...state.notes.values()].reverse();
      return {
        items: notes.slice(start, start + PAGE).map((note) => told(ctx, identifier, note)),
        nextCursor: start + PAGE < notes.length ? String(start + PAGE) : null,
      };
    })
    .setFirstCursor(() => "0")
    .setCounter(() => state.notes.size);
}

function told(ctx, identifier, note) {
  return new Create({
    id: new URL(`${note.id.href}#create`),
    actor: ctx.getActorUri(identifier),
    object: note,
    tos: note.toIds,
    ccs: note.ccIds,
  });
}

function serveNotes(federation, state) {
  federation.setObjectDispatcher(Note, "/notes/{id}", (_ctx, { id }) => state.notes.get(id) ?? null);
}

function listen(federation, state) {
  federation
    .setInboxListeners("/users/{identifier}/inbox", "/inbox")
    .setSharedKeyDispatcher(() => ({ identifier: NAME }))
    .on(Follow, (ctx, follow) => followed(ctx, state, follow))
    .on(Accept, (_ctx, accept) => answered(state, accept, "accepted"))
    .on(Reject, (_ctx, reject) => answered(state, reject, "rejected"))
    .on(Create, (ctx, create) => read(ctx, state, create))
    .on(Update, (ctx, update) => read(ctx, state, update))
    .on(Announce, (ctx, announce) => read(ctx, state, announce))
    .on(Delete, (_ctx, gone) => remember(state, gone))
    .on(Undo, (ctx, undo) => undone(ctx, state, undo))
    .on(Activity, (_ctx, activity) => remember(state, activity))
    .onError((_ctx, error) => {
      state.errors.push(String(error?.stack ?? error));
    });
}

function remember(state, activity) {
  state.verified.push({
    type: activity.constructor.name,
    id: activity.id?.href ?? null,
    actor: activity.actorId?.href ?? null,
    object: activity.objectId?.href ?? null,
  });
}

async function followed(ctx, state, follow) {
  remember(state, follow);
  const follower = await follow.getActor(await signed(ctx));
  if (follower?.id == null) throw new Error("a follower without an id");
  state.followers.set(follower.id.href, follower);
  await ctx.sendActivity(
    { identifier: NAME },
    follower,
    new Accept({
      id: new URL(`#accept-${crypto.randomUUID()}`, ctx.getActorUri(NAME)),
      actor: ctx.getActorUri(NAME),
      object: follow,
    }),
  );
}

function answered(state, answer, word) {
  remember(state, answer);
  const ours = state.following.get(answer.actorId?.href);
  if (ours == null) throw new Error(`an answer to a follow that we never asked for: ${answer.id}`);
  if (answer.objectId?.href !== ours.activity.id.href) {
    throw new Error(`an answer that names another follow: ${answer.objectId}`);
  }
  ours.answer = word;
}

async function read(ctx, state, activity) {
  remember(state, activity);
  const note = await activity.getObject(await signed(ctx));
  if (!(note instanceof Note)) return;
  state.read.push(await asRead(note, activity.constructor.name));
}

/** A note as Fedify understood it, in plain JSON. */
export async function asRead(note, via) {
  const tags = await Array.fromAsync(note.getTags());
  const attachments = await Array.fromAsync(note.getAttachments());
  return {
    via,
    id: note.id?.href ?? null,
    content: note.content?.toString() ?? null,
    summary: note.summary?.toString() ?? null,
    attributedTo: note.attributionId?.href ?? null,
    inReplyTo: note.replyTargetId?.href ?? null,
    published: note.published?.toString() ?? null,
    updated: note.updated?.toString() ?? null,
    tags: tags.map((tag) => tag.name?.toString() ?? null),
    images: attachments
      .filter((attachment) => attachment instanceof Image)
      .map((image) => ({ url: image.url?.href ?? null, name: image.name?.toString() ?? null })),
  };
}

async function undone(ctx, state, undo) {
  remember(state, undo);
  const what = await undo.getObject(await signed(ctx));
  if (what instanceof Follow) state.followers.delete(undo.actorId?.href);
}

/** Options that make Fedify sign what it fetches, as a server in secure mode asks for. */
export async function signed(ctx) {
  return {
    documentLoader: await ctx.getDocumentLoader({ identifier: NAME }),
    contextLoader: ctx.contextLoader,
  };
}
