// Adds the reader's own clock to moments that the page gives in the round's zone, where the two differ:
// "Fri 12 Dec 2026, 17:00 Berlin (11:00 your time)".
"use strict";
(() => {
  const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
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
      const date = `${DAYS[moment.getDay()]} ${moment.getDate()} ${MONTHS[moment.getMonth()]}, `;
      const own = document.createElement("span");
      own.className = "soft";
      own.textContent = ` (${stated.startsWith(day) ? "" : date}${clock} your time)`;
      element.after(own);
    }
  };

  document.addEventListener("DOMContentLoaded", () => addOwnClock(document));
  document.addEventListener("htmx:after:swap", () => addOwnClock(document));
})();
