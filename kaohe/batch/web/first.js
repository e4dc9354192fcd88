// Before anything is painted: the theme chosen last, else the system's; whether a projector shows it.
(function (root) {
  var chosen = null, wall = null;
  try { chosen = localStorage.getItem("kaohe-theme"); wall = localStorage.getItem("kaohe-wall"); } catch (refused) { chosen = null; }
  if (wall) root.dataset.wall = "";
  root.dataset.theme = chosen || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  root.classList.add("scripted");
})(document.documentElement);
