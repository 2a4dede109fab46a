// What this peer knows. It lives in memory and ends with the process.

/** Everything that the control endpoints show, and what the listeners write. */
export function emptyState() {
  return {
    /** Requests to our inboxes, as they came: { path, status, headers, activity }. */
    received: [],
    /** Activities that Fedify verified and handed to a listener: { type, id, actor, object }. */
    verified: [],
    /** Notes as Fedify read them, newest last: { id, via, content, attributedTo, tags, images }. */
    read: [],
    /** Actor URIs that follow us. */
    followers: new Map(),
    /** Actor URI -> { activity, answer: "waiting" | "accepted" | "rejected" }. */
    following: new Map(),
    /** Our own notes: last part of the path -> Note. */
    notes: new Map(),
    /** Our likes: URI of the liked note -> Like. */
    likes: new Map(),
    /** What went wrong in a listener, so that a test can say so. */
    errors: [],
  };
}

/** The state as plain JSON. */
export function asJson(state) {
  return {
    received: state.received,
    verified: state.verified,
    read: state.read,
    followers: [...state.followers.keys()],
    following: Object.fromEntries(
      [...state.following].map(([uri, { answer }]) => [uri, answer]),
    ),
    notes: [...state.notes.values()].map((note) => note.id.href),
    likes: [...state.likes.keys()],
    errors: state.errors,
  };
}
