/* The page that scans with the camera (templates/verification/camera.html). A browser that knows
   QR sends the text; any other sends one small picture after the other, never two at a time. */
(function (d, n) {
  "use strict";
  var video = d.querySelector("video"), told = d.getElementById("told"),
    answer = d.getElementById("answer"), again = d.createElement("button"), words = video.dataset, cannot = told.textContent,
    slow = n.connection && (n.connection.saveData || /2g/.test(n.connection.effectiveType)),
    side = 640, stream, detector;

  function say(what) { told.textContent = what; }
  function wait(time) { setTimeout(look, time); }

  function start() {
    say("…");
    answer.textContent = "";
    n.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } }
    }).then(function (found) {
      stream = found;
      video.srcObject = found;
      video.hidden = false;
      return video.play();
    }).then(function () { say(words.hold); wait(0); }, none);
  }

  function none() {
    stop();
    say(cannot);
    d.querySelector("main a").focus();
  }

  function stop() {
    if (stream) stream.getTracks().forEach(function (track) { track.stop(); });
    stream = null;
    video.hidden = true;
  }

  function look() {
    if (!stream) return;
    if (d.hidden || !video.videoWidth) return wait(500);
    if (!detector) return shoot();
    detector.detect(video).then(function (codes) {
      var form = new FormData();
      if (!codes.length) return wait(200);
      form.append("text", codes[0].rawValue);
      send(form);
    }, function () { detector = null; wait(0); });
  }

  function shoot() {
    var canvas = d.createElement("canvas"), w = video.videoWidth, h = video.videoHeight,
      part = Math.min(w, h), size = Math.min(part, side);
    canvas.width = canvas.height = size;
    canvas.getContext("2d").drawImage(
      video, (w - part) / 2, (h - part) / 2, part, part, 0, 0, size, size
    );
    canvas.toBlob(function (blob) {
      var form = new FormData();
      form.append("picture", blob, "camera.jpg");
      send(form);
    }, "image/jpeg", slow ? .5 : .7);
  }

  function send(form) {
    fetch(words.url, { method: "POST", body: form, credentials: "same-origin" })
      .then(function (got) {
        return got.text().then(function (text) {
          if (got.status == 422) { say(words.hold); wait(slow ? 1500 : 400); }
          else if (got.status > 499) throw 0;
          else show(new DOMParser().parseFromString(text, "text/html").querySelector("main"));
        });
      })
      .catch(function () { say(words.slow); wait(3000); });
  }

  function show(main) {
    if (!stream) return;
    stop();
    say("");
    main.querySelectorAll("h1, form > :not([role=alert])").forEach(function (one) { one.remove(); });
    while (main.firstChild) answer.appendChild(d.adoptNode(main.firstChild));
    answer.appendChild(again);
    again.focus({ preventScroll: true });
  }

  video.style.maxWidth = "100%";
  again.textContent = words.again;
  again.addEventListener("click", start);
  if (!n.mediaDevices || !n.mediaDevices.getUserMedia || !window.fetch) return none();
  if (!window.BarcodeDetector) return start();
  BarcodeDetector.getSupportedFormats().then(function (kinds) {
    if (kinds.indexOf("qr_code") >= 0) detector = new BarcodeDetector({ formats: ["qr_code"] });
  }).catch(function () {}).then(start);
})(document, navigator);
