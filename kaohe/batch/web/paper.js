// A link on paper leads nowhere, and in a PDF it would name this machine's folders.
(function () {
  const links = Array.from(document.querySelectorAll("a[href]")).map(function (link) {
    return [link, link.getAttribute("href")];
  });
  addEventListener("beforeprint", function () { links.forEach(function (each) { each[0].removeAttribute("href"); }); });
  addEventListener("afterprint", function () { links.forEach(function (each) { each[0].setAttribute("href", each[1]); }); });
})();
