// plotly.min.js out of the page's own base64 and gzip; an old browser that cannot shows each figure's words.
window.kaohePlotly = (async function () {
  const packed = document.getElementById("plotly");
  const bytes = Uint8Array.from(atob(packed.textContent), function (each) { return each.charCodeAt(0); });
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = document.createElement("script");
  script.textContent = await new Response(stream).text();
  packed.remove();
  document.head.append(script);
})();
