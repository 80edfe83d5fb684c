/* htmx on every page; see docs/design.md */
(function (d, c, at) {
  c.historyCacheSize = c.defaultSettleDelay = 0;
  c.allowEval = c.includeIndicatorStyles = false;
  c.selfRequestsOnly = c.refreshOnHistoryMiss = true;
  c.defaultSwapStyle = "outerHTML";
  d.body.setAttribute("hx-target", "main");
  d.body.setAttribute("hx-select", "main");
  d.addEventListener("htmx:beforeSwap", function (e) {
    var x = e.detail, by = x.requestConfig.triggeringEvent, a = d.activeElement;
    at = 0;
    if (!by) {
      x.serverResponse = x.serverResponse.replace(/ autofocus/g, "");
      at = x.target.contains(a) && a.getAttribute("href");
    } else if (by.type == "submit") x.shouldSwap = true;
  });
  d.addEventListener("htmx:afterSettle", function () {
    var a = at && d.querySelector('main [href="' + at + '"]');
    if (a) a.focus();
  });
  d.addEventListener("htmx:sendError", function (e) {
    if (e.target.method == "post") e.target.submit();
  });
})(document, htmx.config);
