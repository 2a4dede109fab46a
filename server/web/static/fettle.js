// Small improvements. Every page works whole without this.

// After a mistake, begin with the list of what to look at.
document.querySelector("[data-focus]")?.focus();

// How much room is left in a field, once it is getting short.
for (const field of document.querySelectorAll("[data-room]")) {
  const most = Number(field.dataset.room);
  const left = document.createElement("p");
  left.className = "left";
  left.hidden = true;
  left.setAttribute("aria-live", "polite");
  field.after(left);
  field.addEventListener("input", () => {
    const room = most - [...field.value].length;
    left.hidden = room > Math.max(20, most / 10);
    left.classList.toggle("over", room < 0);
    left.textContent = (room < 0 ? field.dataset.over : field.dataset.left).replace("{n}", Math.abs(room));
  });
}

// Copy what is beside the button.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  });
}

// The menu behind a name closes by Escape, and by a press elsewhere.
for (const menu of document.querySelectorAll("details.me")) {
  addEventListener("click", (event) => menu.contains(event.target) || (menu.open = false));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// Do not send a form twice by a double press.
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 5000);
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// A part that changes by itself is read again now and then, unless somebody is at work in it.
for (const part of document.querySelectorAll("[data-live]")) {
  setInterval(async () => {
    if (document.hidden || part.contains(document.activeElement)) return;
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return;
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = read.getElementById(part.id);
    if (fresh && !part.contains(document.activeElement)) part.replaceChildren(...fresh.childNodes);
  }, part.dataset.live * 1000);
}

// The numbers of a chart: pointed at, or walked through with the arrow keys, each is told below it.
for (const plot of document.querySelectorAll("[data-plot]")) {
  const spots = [...plot.querySelectorAll("[tabindex]")];
  const told = document.createElement("p");
  told.className = "pointed small";
  told.setAttribute("aria-hidden", "true"); // who hears the page hears the number itself
  plot.after(told);
  const tell = (event) => {
    const spot = event.target.closest("[tabindex]");
    if (spot) told.textContent = spot.querySelector("title").textContent;
  };
  plot.addEventListener("pointerover", tell);
  plot.addEventListener("focusin", tell);
  plot.addEventListener("keydown", (event) => {
    const at = spots.indexOf(document.activeElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: spots.length - 1 }[event.key];
    if (at < 0 || !spots[to]) return;
    event.preventDefault();
    spots[at].tabIndex = -1;
    spots[to].tabIndex = 0;
    spots[to].focus();
  });
}
