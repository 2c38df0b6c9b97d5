// What the questions can do with script; every one of them works without. Loaded before autosave.js, which it tells of
// a change by an "input" event. The markup: templates/macros/questions.html.
"use strict";
(() => {
  // --- A ranking: dragged by its handle, or moved by its buttons, which then send no form -----------------------------
  const rank = (box) => {
    const name = box.dataset.ranking;
    const list = box.querySelector("ol");
    const status = box.querySelector("[data-ranking-status]");
    const items = () => [...list.children];
    const field = (item) => item.querySelector("input[type=hidden]");
    const label = (item) => item.querySelector(".ranking-label").textContent;
    const [up, down] = [(item) => item.querySelectorAll("button")[0], (item) => item.querySelectorAll("button")[1]];

    const settle = () => {
      const all = items();
      all.forEach((item, i) => {
        up(item).disabled = i === 0;
        down(item).disabled = i === all.length - 1;
      });
    };
    const touch = () => { // from the first move on the order is an answer
      items().forEach((item) => { field(item).name = name; });
      const keep = box.querySelector("[data-ranking-keep]");
      if (keep) { keep.hidden = true; keep.querySelector("input").checked = false; }
      settle();
    };
    const said = (item) => {
      const values = { item: label(item), place: items().indexOf(item) + 1, n: items().length };
      status.textContent = status.dataset.said.replace(/{(\w+)}/g, (_, name) => values[name]);
    };
    const changed = () => list.dispatchEvent(new Event("input", { bubbles: true }));
    // The neighbour is the one that moves in the page, so that the item keeps the focus and the finger.
    const step = (item, way) => {
      const other = way < 0 ? item.previousElementSibling : item.nextElementSibling;
      if (!other) return false;
      if (way < 0) item.after(other); else item.before(other);
      return true;
    };

    list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      event.preventDefault();
      const item = button.closest("li");
      if (!step(item, button === up(item) ? -1 : 1)) return;
      touch();
      if (button.disabled) (button === up(item) ? down(item) : up(item)).focus();
      said(item);
      changed();
    });

    let held = null;
    let before = "";
    const order = () => items().map((item) => field(item).value).join(" ");
    const move = (event) => {
      if (!held) return;
      event.preventDefault();
      const edge = 48;
      if (event.clientY < edge) window.scrollBy(0, -12);
      else if (event.clientY > window.innerHeight - edge) window.scrollBy(0, 12);
      for (;;) {
        const [above, below] = [held.previousElementSibling, held.nextElementSibling];
        const middle = (item) => { const r = item.getBoundingClientRect(); return r.top + r.height / 2; };
        if (above && event.clientY < middle(above)) step(held, -1);
        else if (below && event.clientY > middle(below)) step(held, 1);
        else break;
      }
    };
    const drop = () => {
      if (!held) return;
      held.classList.remove("is-held");
      const item = held;
      held = null;
      if (order() === before) return;
      touch();
      said(item);
      changed();
    };
    for (const handle of box.querySelectorAll("[data-ranking-handle]")) {
      handle.hidden = false;
      handle.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        held = handle.closest("li");
        before = order();
        held.classList.add("is-held");
        try { handle.setPointerCapture(event.pointerId); } catch { /* a pointer that has gone again */ }
      });
      handle.addEventListener("pointermove", move);
      handle.addEventListener("pointerup", drop);
      handle.addEventListener("pointercancel", drop);
    }
    box.querySelectorAll("[data-ranking-drag]").forEach((words) => { words.hidden = false; });
    // The browser's own copy of a draft comes back as an order (autosave.js).
    box.addEventListener("ninefold:order", (event) => {
      const byKey = new Map(items().map((item) => [field(item).value, item]));
      if (event.detail.length !== byKey.size || !event.detail.every((key) => byKey.has(key))) return;
      event.detail.forEach((key) => list.append(byKey.get(key)));
      touch();
    });
    settle();
  };

  // --- How long a text is: words, or characters where there is a limit --------------------------------------------------
  const count = (place) => {
    const area = document.getElementById(place.dataset.count);
    if (!area) return;
    const show = () => {
      const text = area.value.trim();
      const isCharacters = place.hasAttribute("data-count-characters");
      const n = isCharacters ? [...text].length : text.split(/\s+/).filter(Boolean).length;
      place.textContent = n ? (n === 1 ? place.dataset.one : place.dataset.many).replace("{n}", n) : "";
    };
    area.addEventListener("input", show);
    show();
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-ranking]").forEach(rank);
    document.querySelectorAll("[data-count]").forEach(count);
  });
  // One page with all questions: a saved draft says which of them are asked now.
  document.addEventListener("ninefold:saved", (event) => {
    const { asked } = event.detail;
    if (!Array.isArray(asked)) return;
    for (const section of document.querySelectorAll("[data-question]")) {
      section.hidden = !asked.includes(Number(section.dataset.question));
    }
  });
})();
