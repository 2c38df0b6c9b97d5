// What a meeting writes down: hands, the blank thesis, the next date. Sent at once, or kept until the network is back.
"use strict";
(() => {
  const meeting = window.ninefoldMeeting;
  if (!meeting) return;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const data = (form) => Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "csrf_token"));
  const named = (form, end) => [...form.elements].find((field) => field.name.endsWith(end));

  for (const form of all("[data-hands-form]")) {
    const fork = form.dataset.handsForm;
    form.addEventListener("submit", (event) => {
      const fields = ["left", "right", "undecided"].map((name) => named(form, `-${name}`));
      const counts = fields.map((field) => (/^\d{1,4}$/.test(field.value.trim()) ? Number(field.value) : null));
      const wrong = fields[counts.indexOf(null)];
      event.preventDefault();
      for (const field of fields) field.setAttribute("aria-invalid", String(field === wrong));
      if (wrong) { meeting.say(form.dataset.wrong); wrong.focus(); return; }
      const [left, right, undecided] = counts;
      const known = meeting.state().hands[fork].counts;
      meeting.change({ hands: { ...meeting.state().hands, [fork]: { left, right, undecided, counts: known, isHere: true } } });
      meeting.send("hands", data(form), { url: form.action, fork, basis: named(form, "-based_on").name });
    });
  }
  for (const form of all("[data-words-form]")) {
    let timer = 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      const words = data(form);
      meeting.change({ words: { ...meeting.state().words, ...words } });
      form.dataset.typing = "yes";
      timer = setTimeout(() => { delete form.dataset.typing; meeting.send("words", words); }, 1000);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      clearTimeout(timer);
      delete form.dataset.typing;
      const words = data(form);
      // Leaving this page without a network would lose the slides: it is left only once the words have arrived.
      const body = await meeting.ask(meeting.urls.words, { method: "POST", body: new URLSearchParams(words) });
      if (body && !(body.errors || []).length) location.href = meeting.urls.thesis;
      else meeting.send("words", words);
    });
  }
  for (const form of all("[data-date-form]")) {
    form.addEventListener("submit", (event) => { event.preventDefault(); meeting.send("next_date", data(form)); });
  }
  meeting.listen((state) => {
    for (const [fork, hands] of Object.entries(state.hands)) {
      const isCounted = hands.left !== null;
      for (const line of all(`[data-hands-said="${fork}"]`)) line.hidden = !isCounted;
      for (const name of ["left", "right", "undecided"]) {
        for (const place of all(`[data-hands="${fork}-${name}"]`)) place.textContent = isCounted ? hands[name] : "";
      }
      for (const form of all(`[data-hands-form="${fork}"]`)) {
        const isNew = String(named(form, "-based_on").value) !== String(hands.counts);
        named(form, "-based_on").value = hands.counts;
        if (!isNew || form.contains(document.activeElement)) continue;
        for (const name of ["left", "right", "undecided"]) named(form, `-${name}`).value = hands[name] ?? "";
      }
    }
    for (const [name, words] of Object.entries(state.words)) {
      for (const place of all(`[data-word="${name}"]`)) place.textContent = words || place.dataset.blank;
      for (const form of all("[data-words-form]:not([data-typing])")) {
        if (form.elements[name] !== document.activeElement) form.elements[name].value = words;
      }
    }
    for (const place of all("[data-next-date]")) place.textContent = state.next_words;
  });
})();
