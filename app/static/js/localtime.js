// Adds the reader's own clock to moments that the page gives in the round's zone, where the two differ:
// "Fri 12 Dec 2026, 17:00 Berlin (11:00 your time)".
"use strict";
(() => {
  // The words of the page's language, from the server: the week begins on Monday there.
  const words = document.currentScript.dataset;
  const [days, months] = [words.days.split(" "), words.months.split(" ")];
  const fill = (sentence, values) => sentence.replace(/{(\w+)}/g, (_, name) => values[name]);
  const two = (number) => String(number).padStart(2, "0");

  const addOwnClock = (root) => {
    for (const element of root.querySelectorAll("time[data-local]")) {
      const stated = element.dateTime; // "2026-12-12T17:00:00+01:00"
      delete element.dataset.local; // once is enough, also when htmx brings new parts
      const moment = new Date(stated);
      if (Number.isNaN(moment.getTime())) continue;
      const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
      const clock = `${two(moment.getHours())}:${two(moment.getMinutes())}`;
      if (stated.startsWith(`${day}T${clock}`)) continue;
      const parts = { weekday: days[(moment.getDay() + 6) % 7], day: moment.getDate(), month: months[moment.getMonth()] };
      const own = document.createElement("span");
      own.className = "soft";
      const date = stated.startsWith(day) ? "" : fill(words.date, parts);
      own.textContent = ` ${fill(words.own, { date, time: clock })}`;
      element.after(own);
    }
  };

  document.addEventListener("DOMContentLoaded", () => addOwnClock(document));
  document.addEventListener("htmx:after:swap", () => addOwnClock(document));
})();
