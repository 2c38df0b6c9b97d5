// Saves an answer while it is being written; the page works without it.
// <form data-autosave data-draft-url="…" data-draft-key="…" data-draft-saved-at="ISO time of the server's copy">
//   [data-draft-status]: where "Saved 14:03" appears (role=status); [data-draft-shared]: tick box "shared computer".
// The server answers a saved draft with 2xx; a JSON body may give {"saved_at": ISO time}.
"use strict";
(() => {
  const PREFIX = "ninefold.draft.";
  const SHARED = "ninefold.shared";
  const PAUSE = 2000; // after the last key; never longer than LONGEST while somebody types on
  const LONGEST = 5000;
  let store = null;
  try { store = localStorage; } catch { /* blocked: the server's copy is enough */ }
  const attempt = (action) => { try { return store ? action(store) : null; } catch { return null; } };
  const isShared = () => attempt((s) => s.getItem(SHARED)) === "1";
  const drafts = () => attempt((s) => Object.keys(s).filter((key) => key.startsWith(PREFIX))) || [];
  const remove = (key) => attempt((s) => s.removeItem(key));

  const grow = (area) => {
    if (CSS.supports("field-sizing", "content")) return;
    area.style.blockSize = "auto";
    area.style.blockSize = `${area.scrollHeight + 2}px`;
  };

  const attach = (form) => {
    const key = PREFIX + form.dataset.draftKey;
    const status = form.querySelector("[data-draft-status]");
    const shared = form.querySelector("[data-draft-shared]");
    const fields = [...form.elements].filter((f) => f.name && f.name !== "csrf_token" && !["submit", "button", "file", "password"].includes(f.type));
    const say = (words, state) => { if (status) { status.textContent = words; status.dataset.state = state; } };
    const values = () => fields.map((f) => (["radio", "checkbox"].includes(f.type) ? f.checked : f.value));
    const clock = (date) => date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    let [timer, firstChange, version, saving, leaving] = [0, 0, 0, false, false];
    const keep = (more = {}) => {
      if (!isShared()) attempt((s) => s.setItem(key, JSON.stringify({ at: Date.now(), values: values(), ...more })));
    };
    const later = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };
    const changed = () => {
      version += 1;
      firstChange = firstChange || Date.now();
      keep();
      later(Math.max(0, Math.min(PAUSE, firstChange + LONGEST - 500 - Date.now())));
    };
    const save = async () => {
      clearTimeout(timer);
      if (!version || saving || leaving) return;
      const sent = version;
      saving = true;
      firstChange = 0;
      try {
        const token = form.elements.csrf_token ? form.elements.csrf_token.value : "";
        const response = await fetch(form.dataset.draftUrl, {
          method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "error", keepalive: true,
          headers: { "X-CSRFToken": token, Accept: "application/json" },
        });
        if (!response.ok) throw new Error(String(response.status));
        const body = await response.json().catch(() => ({}));
        say(`Saved ${clock(body.saved_at ? new Date(body.saved_at) : new Date())}`, "saved");
        if (sent === version) { version = 0; remove(key); } else { later(PAUSE); }
      } catch (error) {
        const refused = /^4\d\d$/.test(error.message); // trying again would not help: say so once
        say(refused ? "Not saved. Copy your text, then reload this page." : "Not saved yet: no connection. Trying again.", "waiting");
        if (!refused) later(LONGEST);
      } finally {
        saving = false;
      }
    };

    const copy = isShared() ? null : attempt((s) => JSON.parse(s.getItem(key)));
    if (copy && copy.at > (Date.parse(form.dataset.draftSavedAt) || 0) && copy.values.length === fields.length) {
      fields.forEach((f, i) => { if (["radio", "checkbox"].includes(f.type)) f.checked = copy.values[i]; else f.value = copy.values[i]; });
      say("Restored what you had typed on this device.", "restored");
      changed();
    } else if (copy) { remove(key); }
    if (shared) {
      shared.checked = isShared();
      shared.addEventListener("change", () => {
        attempt((s) => (shared.checked ? s.setItem(SHARED, "1") : s.removeItem(SHARED)));
        if (shared.checked) drafts().forEach(remove); else if (version) keep();
      });
    }
    form.querySelectorAll("textarea").forEach(grow);
    form.addEventListener("input", (event) => {
      if (event.target === shared) return;
      if (event.target.matches("textarea")) grow(event.target);
      changed();
    });
    form.addEventListener("focusout", save);
    document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
    form.addEventListener("keydown", (event) => { // Enter moves on by itself in single lines, never in a text
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) form.requestSubmit();
    });
    form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); if (version) keep({ submitted: true }); });
    return key;
  };

  document.addEventListener("DOMContentLoaded", () => {
    const open = [...document.querySelectorAll("form[data-autosave]")].map(attach);
    // What was sent is forgotten once another page has come back; an error page proves nothing.
    if (document.body.hasAttribute("data-error-page")) return;
    for (const key of drafts()) {
      const copy = attempt((s) => JSON.parse(s.getItem(key)));
      if (!open.includes(key) && copy && copy.submitted) remove(key);
    }
  });
})();
