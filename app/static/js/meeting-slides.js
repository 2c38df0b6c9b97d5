// Turning the slides of a meeting: buttons, keys, full screen. Without this file the buttons of the page do it.
"use strict";
(() => {
  const meeting = window.ninefoldMeeting;
  if (!meeting) return;
  const slides = [...document.querySelectorAll("[data-slide]")];
  const keys = slides.map((slide) => slide.dataset.slide);
  const says = document.querySelector("[data-slide-says]");
  const status = document.querySelector("[data-meeting-status]");
  let here = meeting.root.dataset.here;
  const place = () => keys.indexOf(here);

  const show = (key) => {
    if (!keys.includes(key) || key === here) return;
    here = key;
    for (const slide of slides) slide.hidden = slide.dataset.slide !== key;
    const following = keys[place() + 1] || "";
    for (const next of document.querySelectorAll("[data-next]")) next.hidden = next.dataset.next !== following;
    for (const notes of document.querySelectorAll("[data-notes]")) notes.hidden = notes.dataset.notes !== key;
    document.querySelector("[data-slide-number]").textContent = place() + 1;
    const title = slides[place()].dataset.title;
    for (const form of document.querySelectorAll("form[data-go]")) {
      const target = keys[place() + (form.dataset.go === "next" ? 1 : -1)];
      form.querySelector("button").disabled = !target;
      form.elements.slide.value = target || "";
    }
    for (const field of document.querySelectorAll("[data-clock] [name=slide]")) field.value = key;
    document.title = document.title.replace(/^.*? · /, `${title} · `);
    history.replaceState(null, "", location.pathname.replace(/[^/]+$/, key));
    const link = document.querySelector("[data-presenter-link]");
    if (link) link.href = link.href.replace(/[^/]+$/, key);
    says.textContent = says.dataset.words.replace("{place}", place() + 1).replace("{all}", keys.length).replace("{title}", title);
    fit();
  };
  // Slides are set so that they fit; where a window is very low, the slide scrolls, and the keyboard can do it too.
  const fit = () => {
    const slide = slides[place()];
    if (!slide.closest("[inert]")) slide.tabIndex = slide.scrollHeight > slide.clientHeight + 1 ? 0 : -1;
  };
  const go = (key) => {
    if (!key || key === here) return;
    show(key);
    meeting.change({ slide: key });
    meeting.send("move", { slide: key });
  };
  const toggle = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen().catch(() => {}));

  for (const form of document.querySelectorAll("form[data-go]")) {
    form.addEventListener("submit", (event) => { event.preventDefault(); go(form.elements.slide.value); });
  }
  const full = document.querySelector("[data-full-screen]");
  if (full && document.fullscreenEnabled) {
    full.hidden = false;
    full.addEventListener("click", toggle);
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.closest("input, textarea, select");
    if (field) {
      if (event.key === "Escape") field.blur();
      return;
    }
    const [forward, back] = document.dir === "rtl" ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
    const keyed = {
      [forward]: () => go(keys[place() + 1]), PageDown: () => go(keys[place() + 1]),
      [back]: () => go(keys[place() - 1]), PageUp: () => go(keys[place() - 1]),
      Home: () => go(keys[0]), End: () => go(keys[keys.length - 1]),
      f: toggle, F: toggle,
    }[event.key];
    if (!keyed || (full === null && event.key.toLowerCase() === "f")) return;
    event.preventDefault();
    keyed();
  });
  meeting.listen((state, { isOffline, isSignedOut, isWaiting, errors }) => {
    show(state.slide);
    const words = isSignedOut ? status.dataset.signedOut : isOffline ? status.dataset.offline
      : errors.length ? errors.join(" ") : isWaiting ? status.dataset.waiting : "";
    if (status.textContent !== words) status.textContent = words;
    status.hidden = !words;
  });
  addEventListener("resize", fit);
  fit();
})();
