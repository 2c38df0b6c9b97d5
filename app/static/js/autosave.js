// Saves an answer while it is being written; the page works without it. See "Autosave" in docs/look.md.
"use strict";
(() => {
  const PREFIX = "ninefold.draft.";
  const PAUSE = 2000; // after the last key, but never more than LONGEST after the first unsaved one
  const LONGEST = 4500;
  let store = null;
  try { store = localStorage; } catch { /* blocked: the server's copy is enough */ }
  const attempt = (action) => { try { return store ? action(store) : null; } catch { return null; } };
  const drafts = () => attempt((s) => Object.keys(s).filter((key) => key.startsWith(PREFIX))) || [];
  const read = (key) => attempt((s) => JSON.parse(s.getItem(key)));
  const remove = (key) => attempt((s) => s.removeItem(key));
  const isTick = (field) => ["radio", "checkbox"].includes(field.type);
  const clock = (date) => date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const grow = (area) => {
    if (CSS.supports("field-sizing", "content")) return;
    area.style.blockSize = "auto";
    area.style.blockSize = `${area.scrollHeight + 2}px`;
  };

  const attach = (form) => {
    const key = PREFIX + form.dataset.draftKey;
    const status = form.querySelector("[data-draft-status]");
    const shared = form.querySelector("[data-draft-shared]");
    const fields = [...form.elements].filter((field) => field.name && field !== shared
      && !["hidden", "submit", "button", "file", "password"].includes(field.type));
    const say = (words, state) => { if (status) { status.textContent = words; status.dataset.state = state; } };
    // A ranking is kept as the order of its items, once somebody has moved one.
    const rankings = [...form.querySelectorAll("[data-ranking]")];
    const order = (box) => [...form.querySelectorAll("input[type=hidden]")]
      .filter((field) => field.name === box.dataset.ranking).map((field) => field.value);
    // What the server held when this page was made, or saved last: a copy that was typed over something older is not
    // put in its place, for another device may have written in the meantime.
    let based = form.dataset.draftVersion || "";
    let [timer, since, version, isSaving, isLeaving] = [0, 0, 0, false, false];

    const keep = (isSubmitted) => {
      if (shared && shared.checked) return;
      const values = fields.map((field) => (isTick(field) ? field.checked : field.value));
      const orders = rankings.map(order);
      attempt((s) => s.setItem(key, JSON.stringify({ at: Date.now(), values, orders, based, isSubmitted })));
    };
    const later = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };
    const changed = () => {
      version += 1;
      isLeaving = false;
      since = since || Date.now();
      keep(false);
      later(Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
    };
    const save = async () => {
      clearTimeout(timer);
      if (!version || isSaving || isLeaving) return;
      const sent = version;
      [isSaving, since] = [true, 0];
      try {
        const token = form.elements.csrf_token;
        const response = await fetch(form.dataset.draftUrl, {
          method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "error",
          headers: { "X-CSRFToken": token ? token.value : "", Accept: "application/json" },
        });
        if (!response.ok) throw new Error(String(response.status));
        const body = await response.json().catch(() => ({}));
        say(form.dataset.saved.replace("{time}", clock(body.saved_at ? new Date(body.saved_at) : new Date())), "saved");
        if (body.version) based = body.version;
        form.dispatchEvent(new CustomEvent("ninefold:saved", { bubbles: true, detail: body }));
        if (sent === version) { version = 0; remove(key); } else later(PAUSE);
      } catch (error) {
        const isRefused = /^4\d\d$/.test(error.message) && error.message !== "429"; // trying again would not help
        say(isRefused ? form.dataset.refused : form.dataset.notSaved, "waiting");
        if (!isRefused) later(LONGEST);
      } finally {
        isSaving = false;
      }
    };

    const copy = shared && shared.checked ? null : read(key);
    const saved = Date.parse(form.dataset.draftSavedAt) || 0;
    const isSame = () => fields.every((field, i) => (isTick(field) ? field.checked : field.value) === copy.values[i])
      && rankings.every((box, i) => String(order(box)) === String((copy.orders || [])[i] || []));
    const restore = () => {
      fields.forEach((field, i) => { field[isTick(field) ? "checked" : "value"] = copy.values[i]; });
      rankings.forEach((box, i) => {
        const detail = (copy.orders || [])[i] || [];
        if (detail.length) box.dispatchEvent(new CustomEvent("ninefold:order", { detail }));
      });
      say(form.dataset.restored, "restored");
      changed();
    };
    const offer = () => {
      say(`${form.dataset.other} `, "waiting");
      const button = document.createElement("button");
      [button.type, button.className, button.textContent] = ["button", "button button-quiet button-small", form.dataset.showOther];
      button.addEventListener("click", restore);
      status.append(button);
    };
    const isOurs = copy && (copy.based || "") === based;
    if (!copy || copy.at <= saved || copy.values.length !== fields.length) remove(key);
    else if (isSame()) isOurs ? changed() : remove(key); // refused and shown again, or saved without our hearing of it
    else if (isOurs || !status) restore();
    else offer();
    form.querySelectorAll("textarea").forEach(grow);
    form.addEventListener("input", (event) => {
      if (event.target.matches("textarea")) grow(event.target);
      if (event.target === shared && shared.checked) drafts().forEach(remove);
      changed();
    });
    // A moment later: an arrow key leaves one choice before it has made the next, and a draft of the old one must not be
    // on its way when Enter sends the new one.
    form.addEventListener("focusout", () => later(0));
    document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
    form.addEventListener("keydown", (event) => { // Enter sends single lines by itself; a text needs Ctrl or Cmd
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    form.addEventListener("submit", () => { isLeaving = true; clearTimeout(timer); if (version) keep(true); });
    window.addEventListener("pageshow", (event) => { if (event.persisted) isLeaving = false; });
    return key;
  };

  document.addEventListener("DOMContentLoaded", () => {
    const open = [...document.querySelectorAll("form[data-autosave]")].map(attach);
    // What was sent is forgotten once another page has come back; an error page proves nothing.
    if (document.body.hasAttribute("data-error-page")) return;
    drafts().filter((key) => !open.includes(key) && (read(key) || {}).isSubmitted).forEach(remove);
  });
})();
