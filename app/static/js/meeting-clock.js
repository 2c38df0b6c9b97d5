// The clock of a part of the meeting. It is worked out from when it was started, so that a tab in the background, or a
// machine that slept, loses no second.
"use strict";
(() => {
  const meeting = window.ninefoldMeeting;
  const form = document.querySelector("[data-clock]");
  if (!meeting || !form) return;
  const [face, left, words, toggle, says] = ["face", "left", "words", "toggle", "says"].map((name) => form.querySelector(`[data-clock-${name}]`));
  const reset = document.querySelector("[data-clock-reset]");
  let announced = "";

  const slide = () => [...document.querySelectorAll("[data-slide]")].find((each) => !each.hidden);
  const spentOf = (clock) => clock.spent + (clock.is_running ? (Date.now() - clock.at) / 1000 : 0);
  const mine = () => {
    const { step, seconds } = slide().dataset;
    const { clock } = meeting.state();
    const isMine = clock.step === step;
    return { step, seconds: Number(seconds), spent: isMine ? spentOf(clock) : 0, isRunning: isMine && clock.is_running };
  };
  const draw = () => {
    const { step, seconds, spent, isRunning } = mine();
    form.hidden = !step;
    if (reset) reset.hidden = !step || !spent;
    if (!step) return;
    const rest = Math.ceil(seconds - spent);
    const size = Math.abs(rest);
    const text = `${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")}`;
    if (left.textContent !== text) left.textContent = text;
    words.textContent = rest < 0 ? face.dataset.over : face.dataset.left;
    face.classList.toggle("clock-over", rest < 0 || (rest === 0 && spent > 0));
    toggle.textContent = isRunning ? toggle.dataset.pause : toggle.dataset.start;
    if (!isRunning) return;
    const stage = rest <= 0 ? "up" : rest <= 60 ? "one" : rest <= 300 && seconds > 300 ? "five" : "";
    const name = stage && `${step} ${stage}`;
    if (name && name !== announced) says.textContent = says.dataset[stage];
    announced = name || announced;
  };
  const start = () => {
    const { step, spent, isRunning } = mine();
    if (step) meeting.setClock({ step, spent, is_running: !isRunning });
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); start(); });
  if (reset) reset.addEventListener("click", () => meeting.setClock({ step: mine().step, spent: 0, is_running: mine().isRunning }));
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "t" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!event.target.closest("input, textarea, select")) start();
  });
  meeting.listen(draw);
  document.addEventListener("visibilitychange", draw);
  setInterval(draw, 500);
})();
