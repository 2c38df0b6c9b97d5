// A meeting in several windows. In one browser they tell each other what changes; on other devices they ask every two
// seconds. What cannot be sent waits in this browser and is sent when the network is back. See docs/offsite.md.
"use strict";
window.ninefoldMeeting = (() => {
  const root = document.querySelector("[data-meeting]");
  if (!root) return null;
  const urls = JSON.parse(root.dataset.urls);
  const key = `ninefold.meeting.${root.dataset.meeting}`;
  const me = `${Date.now()}.${Math.random()}`;
  const ORPHAN = 15000; // another window's unsent items are taken over when that window has not sent them by then
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(key) : null;
  const listeners = [];
  const timed = (given) => ({ ...given, clock: { ...given.clock, at: Date.now() } });
  let state = timed(JSON.parse(root.dataset.state));
  let [isSending, isOffline, isSignedOut, errors, memory] = [false, false, false, [], []];

  const waiting = () => { try { return JSON.parse(localStorage.getItem(key)) || []; } catch { return memory; } };
  const keep = (items) => {
    memory = items;
    try {
      if (items.length) localStorage.setItem(key, JSON.stringify(items)); else localStorage.removeItem(key);
    } catch { /* storage is blocked: this window remembers */ }
  };
  const mine = () => waiting().filter((item) => item.window === me || Date.now() - item.at > ORPHAN);
  const tell = () => listeners.forEach((listener) => listener(state, { isOffline, isSignedOut, errors, isWaiting: waiting().some((item) => Date.now() - item.at > 1500) }));
  const share = () => channel && channel.postMessage(state);
  const change = (part) => { state = { ...state, ...part }; tell(); share(); };

  // A body in JSON, or null where nothing arrived: no network, a server that is starting, or nobody signed in.
  const ask = async (url, options) => {
    try {
      const response = await fetch(url, {
        credentials: "same-origin", redirect: "manual", cache: "no-store", ...options,
        headers: { Accept: "application/json", "X-CSRFToken": state.token, ...(options.headers || {}) },
      });
      isSignedOut = response.type === "opaqueredirect";
      isOffline = !isSignedOut && response.status >= 500;
      if (isSignedOut || ![200, 404, 409, 422].includes(response.status)) return null;
      return (response.headers.get("Content-Type") || "").includes("json") ? await response.json() : { errors: [] };
    } catch {
      isOffline = true;
      return null;
    }
  };
  const follow = (body) => {
    if (body.changes === undefined) return;
    // While something waits, in any window of this browser, what the server knows is not the newest.
    const isNewer = body.changes > state.changes && !waiting().length;
    state = isNewer ? timed(body) : { ...state, token: body.token, changes: Math.max(state.changes, body.changes) };
    tell();
  };
  const flush = async () => {
    if (isSending) return;
    isSending = true;
    for (let item = mine()[0]; item; item = mine()[0]) {
      const body = await ask(item.url, { method: "POST", body: new URLSearchParams(item.data) });
      if (body === null) break;
      keep(waiting().filter((other) => other.id !== item.id).map((other) => {
        const kept = body.hands && other.fork && other.url === item.url;
        return kept ? { ...other, data: { ...other.data, [other.basis]: body.hands[other.fork].counts } } : other;
      }));
      errors = body.errors || [];
      if (body.hands) change({ hands: { ...state.hands, ...(item.fork ? { [item.fork]: body.hands[item.fork] } : {}) }, words: state.words });
      follow(body);
    }
    isSending = false;
    tell();
  };
  const send = (name, data, more = {}) => {
    const url = more.url || urls[name];
    const id = `${me}.${Date.now()}.${Math.random()}`;
    // Of what is written over and over, the last is enough; moves are sent one by one, for each may show a section.
    const others = waiting().filter((item) => name === "move" || item.url !== url || item.window !== me || isSending);
    keep([...others, { id, url, data, window: me, at: Date.now(), ...more }]);
    return flush();
  };
  const poll = async () => {
    await flush();
    const body = await ask(urls.state, { headers: { "HX-Request": "true" } });
    if (body) follow(body); else tell();
  };
  if (channel) channel.addEventListener("message", (event) => { state = { ...event.data, token: state.token }; tell(); });
  window.addEventListener("online", poll);
  window.addEventListener("offline", () => { isOffline = true; tell(); });
  setInterval(poll, 2000);
  addEventListener("DOMContentLoaded", () => { tell(); poll(); });
  return {
    say: (words) => { errors = [words]; tell(); },
    root, urls, change, send, ask, follow, listen: (listener) => listeners.push(listener), state: () => state,
    setClock: async (clock) => { change({ clock: { ...clock, at: Date.now() } }); const body = await ask(urls.clock, { method: "POST", body: new URLSearchParams({ step: clock.step, spent: Math.round(clock.spent), is_running: clock.is_running ? "1" : "0" }) }); if (body) follow(body); },
  };
})();
