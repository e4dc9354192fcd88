// The switch: as the system has it, light, dark. A page opened as a file may be refused a memory.
(function () {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const names = {auto: "随系统", light: "浅色", dark: "深色"};
  const order = Object.keys(names);
  const button = document.querySelector(".theme");
  let choice = "auto";
  try { choice = localStorage.getItem("kaohe-theme") || "auto"; } catch (refused) { choice = "auto"; }

  function apply() {
    document.documentElement.dataset.theme = choice === "auto" ? (system.matches ? "dark" : "light") : choice;
    if (button) {
      button.textContent = names[choice];
      button.setAttribute("aria-label", "配色：" + names[choice] + "，按下切换");
    }
    dispatchEvent(new Event("kaohe-theme"));
  }
  function remember() {
    try {
      if (choice === "auto") localStorage.removeItem("kaohe-theme");
      else localStorage.setItem("kaohe-theme", choice);
    } catch (refused) {
      document.documentElement.dataset.forgets = "";  // the choice holds for this page alone
    }
  }
  if (button) button.addEventListener("click", function () {
    choice = order[(order.indexOf(choice) + 1) % order.length];
    remember();
    apply();
  });
  // The other switch: everything larger, for a projector.
  const wall = document.querySelector(".wall");
  function project(on) {
    if (on) document.documentElement.dataset.wall = "";
    else delete document.documentElement.dataset.wall;
    if (wall) wall.setAttribute("aria-pressed", String(on));
  }
  if (wall) wall.addEventListener("click", function () {
    const on = !("wall" in document.documentElement.dataset);
    try {
      if (on) localStorage.setItem("kaohe-wall", "1");
      else localStorage.removeItem("kaohe-wall");
    } catch (refused) {
      document.documentElement.dataset.forgets = "";
    }
    project(on);
    dispatchEvent(new Event("kaohe-theme"));  // charts are drawn anew in the size of the text
  });
  project("wall" in document.documentElement.dataset);
  if (system.addEventListener) system.addEventListener("change", apply);
  apply();
})();
