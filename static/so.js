/* htmx on every page; see docs/design.md */
(function (d, c) {
  c.historyCacheSize = 0;
  c.allowEval = c.includeIndicatorStyles = false;
  c.selfRequestsOnly = c.refreshOnHistoryMiss = true;
  c.defaultSwapStyle = "outerHTML";
  d.body.setAttribute("hx-target", "main");
  d.body.setAttribute("hx-select", "main");
  d.addEventListener("htmx:beforeSwap", function (e) {
    if ((e.detail.requestConfig.triggeringEvent || e).type == "submit") e.detail.shouldSwap = true;
  });
  d.addEventListener("htmx:sendError", function (e) {
    if (e.target.method == "post") e.target.submit();
  });
})(document, htmx.config);
