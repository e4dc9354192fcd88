// On paper a link leads nowhere, and in a PDF it would name this machine's folders; what is folded for the screen's sake
// is unfolded, but for the tables behind figures.
(function () {
  let links = [], folds = [];
  addEventListener("beforeprint", function () {
    links = Array.from(document.querySelectorAll("a[href]")).map(function (link) {
      return [link, link.getAttribute("href")];
    });
    links.forEach(function (each) { each[0].removeAttribute("href"); });
    folds = Array.from(document.querySelectorAll("details.kh-fold:not([open], .kh-aside)"));
    folds.forEach(function (fold) { fold.open = true; });
  });
  addEventListener("afterprint", function () {
    links.forEach(function (each) { each[0].setAttribute("href", each[1]); });
    folds.forEach(function (fold) { fold.open = false; });
  });
})();
