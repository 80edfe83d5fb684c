/* The offline checkpoint (docs/decisions/offline-checkpoint.md). The first part gives the verdicts of
   app/verification/verifier.py, in its order and with its reasons; tests/verification/test_checkpoint.py
   holds them against each other. The second part is the page. */
(function () {
  "use strict";

  // Part one: the verdict. No page, no clock.

  const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  const ES256 = -7, PS256 = -37, DCC = 1, ICVP = -6;
  const LONGEST_TEXT = 100000, LARGEST = 65536, DEEPEST = 16;
  const NO_TAGS = [1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 43000, 55799];
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  const fault = (layer, reason) => { throw { layer, reason }; };
  const isMap = value => value instanceof Map;
  const isBytes = value => value instanceof Uint8Array;
  const isText = value => typeof value == "string";
  // Floats are boxed by the reader below, so that they can be told from integers.
  const isInteger = value => typeof value == "number";
  const isNumber = value => isInteger(value) || value instanceof Number;
  const isNone = value => value === undefined || value === null;
  const hex = bytes => Array.from(bytes, one => one.toString(16).padStart(2, "0")).join("");
  const bytesOf = binary => Uint8Array.from(binary, sign => sign.charCodeAt(0));
  const fromBase64 = text => atob(text.replace(/-/g, "+").replace(/_/g, "/"));

  function base45(text) {
    const values = Array.from(text, sign => SIGNS.indexOf(sign)), found = [];
    if (!values.length || values.includes(-1) || values.length % 3 == 1) fault("base45", "bad_base45");
    for (let i = 0; i < values.length; i += 3) {
      const two = i + 2 < values.length;
      const word = values[i] + 45 * values[i + 1] + (two ? 2025 * values[i + 2] : 0);
      if (word > (two ? 65535 : 255)) fault("base45", "bad_base45");
      if (two) found.push(word >> 8);
      found.push(word & 255);
    }
    return Uint8Array.from(found);
  }

  // In small pieces, so that a bomb is left alone before it is large. What stands behind the end is
  // an error of the stream.
  async function inflate(data) {
    let at = 0, size = 0;
    const pieces = new ReadableStream({
      pull(out) {
        if (at < data.length) out.enqueue(data.subarray(at, at += 512));
        else out.close();
      }
    });
    const reader = pieces.pipeThrough(new DecompressionStream("deflate")).getReader(), found = [];
    try {
      for (let part; !(part = await reader.read()).done && size <= LARGEST; size += part.value.length)
        found.push(part.value);
    } catch (error) {
      fault("zlib", "bad_zlib");
    }
    if (size > LARGEST) {
      reader.cancel().catch(() => 0);
      fault("zlib", "too_large");
    }
    const whole = new Uint8Array(size);
    for (const part of found.reverse()) whole.set(part, size -= part.length);
    return whole;
  }

  // CBOR. `plain`: nothing but maps, lists, texts, bytes, finite numbers, booleans and null.
  function cbor(data, plain) {
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    let at = 0;
    const bad = () => { throw new SyntaxError("cbor"); };
    const take = n => n <= data.length - at ? data.subarray(at, at += n) : bad();
    const odd = value => plain ? bad() : value;

    function argument(info) {
      if (info < 24) return info;
      if (info > 27) bad();
      const width = 1 << (info - 24), start = at;
      take(width);
      return width == 8 ? view.getUint32(start) * 2 ** 32 + view.getUint32(start + 4)
        : view["getUint" + 8 * width](start);
    }
    function half(bits) {
      const exponent = bits >> 10 & 31, rest = bits & 1023;
      const value = exponent == 31 ? (rest ? NaN : Infinity)
        : exponent ? 2 ** (exponent - 25) * (1024 + rest) : rest * 2 ** -24;
      return bits >> 15 ? -value : value;
    }
    function simple(info) {
      if (info < 20) return odd({});
      if (info < 23) return [false, true, null][info - 20];
      if (info == 23) return odd({});
      if (info == 24) return take(1)[0] < 32 ? bad() : odd({});
      if (info > 27) bad();
      const start = at;
      take(1 << (info - 24));
      const value = info == 25 ? half(view.getUint16(start))
        : info == 26 ? view.getFloat32(start) : view.getFloat64(start);
      return isFinite(value) ? new Number(value) : odd(new Number(value));
    }
    function string(major, n) {
      const bytes = take(n);
      return major == 3 ? utf8.decode(bytes) : bytes;
    }
    function pieces(major) {
      const found = [];
      for (let head; (head = take(1)[0]) != 255;) {
        if (head >> 5 != major) bad();
        found.push(string(major, argument(head & 31)));
      }
      return major == 3 ? found.join("") : Uint8Array.from([].concat(...found.map(one => Array.from(one))));
    }
    function key(depth) {
      const start = at, value = item(depth);
      if (isBytes(value)) return "\0" + hex(value);
      if (typeof value == "boolean" || value instanceof Number) return +value;
      return value && typeof value == "object" ? odd("\0\0" + hex(data.subarray(start, at))) : value;
    }
    function tagged(tag, value) {
      if (NO_TAGS.includes(tag)) bad();
      return tag == 0 || tag == 1004 ? value : odd({ tag, value });
    }
    function item(depth) {
      const head = take(1)[0], major = head >> 5, open = (head & 31) == 31;
      if (major == 7) return open ? bad() : simple(head & 31);
      if ((major == 2 || major == 3) && open) return pieces(major);
      const n = open && major > 3 && major < 6 ? Infinity : argument(head & 31);
      if (major == 0) return n;
      if (major == 1) return -1 - n;
      if (major < 4) return string(major, n);
      if (depth > DEEPEST) bad();
      if (major == 6) return tagged(n, item(depth + 1));
      const ended = i => open ? data[at] == 255 && at++ > 0 : i == n;
      if (major == 4) {
        const list = [];
        while (!ended(list.length)) list.push(item(depth + 1));
        return list;
      }
      const map = new Map();
      while (!ended(map.size)) {
        const name = key(depth + 1);
        if (map.has(name)) bad();
        map.set(name, item(depth + 1));
      }
      return map;
    }
    const found = item(1);
    return at == data.length ? found : bad();
  }

  function read(data, plain, layer, reason) {
    try {
      return cbor(data, plain);
    } catch (error) {
      return fault(layer, reason);
    }
  }

  async function unpack(text) {
    if (!text.startsWith("HC1:")) fault("prefix", "bad_prefix");
    if (text.length > LONGEST_TEXT) fault("base45", "too_large");
    let message = read(await inflate(base45(text.slice(4))), false, "cose", "bad_cose");
    for (const tag of [61, 18]) if (message && message.tag === tag) message = message.value;
    if (!Array.isArray(message) || message.length != 4) fault("cose", "bad_cose");
    const [header, unprotected, payload, signature] = message;
    if (!isMap(unprotected) || ![header, payload, signature].every(isBytes)) fault("cose", "bad_cose");
    const signed = header.length ? read(header, true, "cose", "bad_cose") : new Map();
    if (!isMap(signed) || signed.has(2)) fault("cose", "bad_cose");
    const both = new Map([...unprotected, ...signed]);
    const alg = both.get(1), kid = both.has(4) ? both.get(4) : new Uint8Array(0);
    if (!isNone(alg) && !isInteger(alg) || !isBytes(kid)) fault("cose", "bad_cose");
    return { alg, kid, header, payload, signature, claims: claimsOf(payload) };
  }

  function claimsOf(payload) {
    const claims = read(payload, true, "cwt", "bad_claims");
    const fine = isMap(claims) && (!claims.has(1) || isText(claims.get(1)))
      && isNumber(claims.get(4)) && isNumber(claims.get(6)) && isMap(claims.get(-260))
      && Array.from(claims.get(-260).values()).every(isMap);
    return fine ? claims : fault("cwt", "bad_claims");
  }

  function toBeSigned(header, payload) {
    const length = n => n < 24 ? [64 + n] : n < 256 ? [88, n] : n < 65536 ? [89, n >> 8, n & 255]
      : [90, 0, n >> 16, n >> 8 & 255, n & 255];
    const start = [132, 106, ...bytesOf("Signature1")];
    return Uint8Array.from([...start, ...length(header.length), ...header, 64, ...length(payload.length), ...payload]);
  }

  // The key alone decides the algorithm: {alg, key, how}, or null for a key that does not count.
  async function imported(spki) {
    const ways = [
      [ES256, { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }],
      [PS256, { name: "RSA-PSS", saltLength: 32, hash: "SHA-256" }]
    ];
    for (const [alg, how] of ways) {
      try {
        const key = await crypto.subtle.importKey("spki", bytesOf(fromBase64(spki)), how, false, ["verify"]);
        return alg == ES256 || key.algorithm.modulusLength >= 2048 ? { alg, key, how } : null;
      } catch (error) {
        continue;
      }
    }
    return null;
  }

  async function signerOf(opened, signers) {
    const told = toBeSigned(opened.header, opened.payload);
    let agreed = false;
    for (const one of signers) {
      const by = one.by || (one.by = await imported(one.key));
      if (!by || by.alg !== opened.alg) continue;
      agreed = true;
      if (await crypto.subtle.verify(by.how, by.key, opened.signature, told)) return one;
    }
    return fault("signature", agreed ? "bad_signature" : "wrong_algorithm");
  }

  // Python's truth, as the verifier has it.
  const given = value => isMap(value) ? value.size > 0
    : isText(value) || isBytes(value) || Array.isArray(value) ? value.length > 0 : !isNone(value) && +value != 0;

  function* problems(opened, signer, at) {
    const claims = opened.claims, contents = claims.get(-260);
    if (claims.get(4) < at || signer.not_after < at) yield ["time", "expired"];
    if (claims.get(6) > at || signer.not_before > at) yield ["time", "not_yet_valid"];
    const asked = ["t", "v", "r"].filter(one => contents.has(DCC) && given(contents.get(DCC).get(one)));
    if (contents.has(ICVP)) asked.push("v");
    if (signer.usages.length && !asked.every(one => signer.usages.includes(one))) yield ["usage", "wrong_usage"];
    const both = contents.has(DCC) == contents.has(ICVP);
    if (both || !(contents.has(DCC) ? dccFits(contents.get(DCC)) : icvpFits(contents.get(ICVP))))
      yield ["schema", "bad_schema"];
  }

  // app/verification/rules/schema.py

  const like = pattern => value => isText(value) && pattern.test(value);
  const short = value => isText(value) && Array.from(value).length <= 80;
  const latin = value => short(value) && /^[A-Z<]*$/.test(value);
  const country = like(/^[A-Z]{1,10}$/);
  const count = value => isInteger(value) && value >= 1;
  const born = like(/^((19|20)[0-9]{2}(-[0-9]{2}){0,2}([T ][^\n]{0,40})?)?$/u);
  const version = like(/^[0-9]{1,5}\.[0-9]{1,5}\.[0-9]{1,5}$/);
  function day(value) {
    const found = isText(value) && /^([0-9]{4})-([0-9]{2})-([0-9]{2})($|[T ])/.exec(value);
    if (!found || found[1] == "0000") return false;
    const date = new Date(found[0].slice(0, 10) + "T00:00Z");
    return !isNaN(date) && date.getUTCDate() == found[3];
  }
  const has = (content, needed, others) => isMap(content)
    && Object.keys(needed).every(name => needed[name](content.get(name)))
    && Object.keys(others).every(name => isNone(content.get(name)) || others[name](content.get(name)));

  const ANY = { tg: isText, co: country, is: short, ci: short };
  const ENTRIES = {
    v: [{ ...ANY, vp: isText, mp: isText, ma: isText, dn: count, sd: count, dt: day }, {}],
    t: [{ ...ANY, tt: isText, sc: day, tr: isText }, { nm: short, ma: isText, tc: short }],
    r: [{ ...ANY, fr: day, df: day, du: day }, {}]
  };
  const OF_ICVP = { dob: born, s: isText, ntl: isText, nid: isText, gn: isText };
  const IN_ICVP = {
    tg: isText, vp: isText, mp: isText, ma: isText, mid: isText, bo: isText, vls: day, vle: day,
    cn: isText, is: isText
  };
  const name = value => has(value, {}, { fn: short, fnt: latin, gn: short, gnt: latin })
    && !(isNone(value.get("fnt")) && isNone(value.get("gnt")));

  function group(content) {
    const empty = value => isNone(value) || Array.isArray(value) && !value.length;
    const found = Object.keys(ENTRIES).filter(one => !empty(content.get(one)));
    return found.length == 1 ? found[0] : "";
  }
  function dccFits(content) {
    const which = group(content), entries = content.get(which);
    return which != "" && has(content, { ver: version, nam: name, dob: born }, {})
      && Array.isArray(entries) && entries.length == 1 && has(entries[0], ...ENTRIES[which]);
  }
  const icvpFits = content => has(content, { n: isText, v: vaccinated }, OF_ICVP);
  const vaccinated = value => has(value, { dt: day }, IN_ICVP)
    && !(isNone(value.get("tg")) && isNone(value.get("vp")))
    && (isNone(value.get("dn")) || count(value.get("dn")) || isText(value.get("dn")));

  // The list: a JWS. Its revoked ones are sorted prefixes (8 bytes) of SHA-256.

  async function readList(text, spki) {
    const [head, body, signature, ...more] = text.split("."), by = await imported(spki);
    const told = bytesOf(head + "." + body);
    const alg = JSON.parse(fromBase64(head)).alg;
    if (more.length || !by || alg != { [ES256]: "ES256", [PS256]: "PS256" }[by.alg]
      || !await crypto.subtle.verify(by.how, by.key, bytesOf(fromBase64(signature)), told)) throw new Error("list");
    const list = JSON.parse(utf8.decode(bytesOf(fromBase64(body)))), signers = new Map();
    for (const one of list.signers) signers.set(one.kid, [...signers.get(one.kid) || [], one]);
    return { iat: list.iat, exp: list.exp, signers, revoked: fromBase64(list.revoked) };
  }

  function listed(sorted, prefix) {
    let low = 0, high = sorted.length / 8;
    while (low < high) {
      const middle = low + high >> 1;
      if (sorted.substr(8 * middle, 8) < prefix) low = middle + 1;
      else high = middle;
    }
    return sorted.substr(8 * low, 8) == prefix;
  }

  // A certificate is revoked by its UVCI; one of WHO, which has none, by its signature. Of an ES256
  // signature only r counts (app/certificates/envelope.py, hashes).
  async function isRevoked(opened, list) {
    const content = opened.claims.get(-260).get(DCC), which = content && group(content);
    const entries = which && content.get(which);
    const names = [opened.signature.subarray(0, opened.alg == ES256 ? 32 : undefined)];
    for (const one of Array.isArray(entries) ? entries : [])
      if (isMap(one) && isText(one.get("ci"))) names.push(new TextEncoder().encode(one.get("ci")));
    for (const one of names) {
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", one));
      if (listed(list.revoked, String.fromCharCode(...digest.subarray(0, 8)))) return true;
    }
    return false;
  }

  // The verdict on a text at a moment (seconds since 1970), by a list that was read. Never throws.
  async function verify(text, list, at) {
    let opened, signer;
    try {
      opened = await unpack(text);
      const signers = list.signers.get(hex(opened.kid)) || fault("signer", "unknown_signer");
      signer = await signerOf(opened, signers);
    } catch (wrong) {
      if (!wrong.reason) throw wrong;
      return { valid: false, reasons: [wrong.reason], layer: wrong.layer, signer: "" };
    }
    const found = [...problems(opened, signer, at)];
    if (await isRevoked(opened, list)) found.push(["revocation", "revoked"]);
    return {
      valid: !found.length, reasons: found.map(one => one[1]), layer: found.length ? found[0][0] : "",
      signer: signer.kid, country: signer.country, claims: opened.claims
    };
  }

  window.checkpoint = { verify, readList };

  // Part two: the page. Its words stand in <template id=words>.

  const form = document.getElementById("check"), box = form.elements.code;
  const { key, list: LIST, worker } = form.dataset, STORE = "checkpoint-list";
  const answer = document.getElementById("answer"), state = document.getElementById("state");
  const words = document.getElementById("words").content;
  const now = () => Date.now() / 1000;
  let list = null, trouble = "", camera = null;

  function say(code, values) {
    const text = (words.getElementById(code) || { textContent: code }).textContent;
    return text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
  }
  function make(tag, text, tone) {
    const made = document.createElement(tag);
    made.textContent = text;
    if (tone) made.className = tone;
    return made;
  }
  function put(...parts) {
    answer.textContent = "";
    answer.append(...parts);
  }
  const backwards = date => date.slice(0, 10).split("-").reverse().join("/");
  const moment = seconds => {
    const local = new Date((seconds + 7 * 3600) * 1000).toISOString(); // as in Viet Nam
    return local.slice(11, 16) + " " + backwards(local);
  };
  function age(seconds) {
    const minutes = Math.floor(seconds / 60);
    return minutes < 1 ? say("just_now") : minutes < 60 ? say("minutes", { n: minutes })
      : minutes < 2880 ? say("hours", { n: Math.floor(minutes / 60) }) : say("days", { n: Math.floor(minutes / 1440) });
  }

  // Why nothing can be said now; "" when all is well.
  const unable = () => !list ? trouble || "list_missing" : now() > list.exp ? "list_stale"
    : now() < list.iat - 300 ? "list_clock" : "";

  function showState() {
    const why = unable();
    state.textContent = "";
    if (list) state.append(say("list_at", { at: moment(list.iat), age: age(now() - list.iat) }) + " ");
    if (why || trouble) state.append(say(why || trouble));
    state.className = why ? "bad" : trouble ? "warn" : "";
  }

  function facts(claims, country) {
    const all = claims.get(-260), content = all.get(DCC) || all.get(ICVP), which = all.has(DCC) && group(content);
    const entry = which ? content.get(which)[0] : content.get("v"), person = content.get("nam");
    const get = name => isNone(entry.get(name)) ? "" : String(entry.get(name));
    const full = person && ["fn", "gn"].map(one => person.get(one) || person.get(one + "t") || "").join(" ");
    const dose = which == "v" ? entry.get("dn") + "/" + entry.get("sd") : get("dn");
    return [
      ["name", full || content.get("n")],
      ["born", backwards(content.get("dob") || "")],
      ["told", say("told_" + (which || "icvp"))],
      ["disease", which ? "" : say(get("tg"))],
      ["dose", dose],
      ["product", get("mp") && say(get("mp")) || get("vp")],
      ["result", get("tr") && say(get("tr"))],
      ["day", backwards(get("dt") || get("sc") || get("fr"))],
      ["issuer", [get("is"), get("co") || get("cn")].filter(Boolean).join(", ")],
      ["country", country],
      ["until", claims.get(4) < 2.5e11 && moment(+claims.get(4))]
    ];
  }
  // As it was typed or scanned (app/verification/rules/typed.py).
  async function judge(text) {
    const found = /hc1:/i.exec(text), whole = found ? text.slice(found.index).toUpperCase() : text.trim();
    const bare = whole.trimEnd(), verdicts = [];
    for (const one of [whole, bare, bare + " "]) {
      const verdict = await verify(one, list, now());
      if (!["prefix", "base45", "zlib", "cose", "cwt"].includes(verdict.layer)) return verdict;
      verdicts.push(verdict);
    }
    return verdicts[0];
  }
  function show(found) {
    const tone = found.valid ? "good" : "bad", parts = [make("p", say(found.valid ? "valid" : "not_valid"), tone)];
    const why = make("ul", "");
    for (const reason of found.reasons) why.append(make("li", say(reason)));
    if (!found.valid) parts.push(why);
    if (found.signer && !found.reasons.includes("bad_schema")) {
      const told = make("dl", "");
      for (const [label, value] of facts(found.claims, found.country))
        if (value) told.append(make("dt", say(label)), make("dd", value));
      parts.push(told);
    }
    if (found.valid) parts.push(make("p", say("compare")), make("p", say("not_asked"), "warn"));
    put(...parts);
  }
  async function check(text) {
    const why = unable();
    if (why) put(make("p", say("cannot_say"), "bad"), make("p", say(why)));
    else show(await judge(text));
    showState();
  }

  async function take(text, store) {
    const found = await readList(text, key);
    if (list && found.iat < list.iat) return;
    list = found;
    if (store) await (await caches.open(STORE)).put(LIST, new Response(text));
  }
  async function recall() {
    const kept = await caches.match(LIST, { cacheName: STORE });
    if (kept) await take(await kept.text()).catch(() => { trouble = "list_forged"; });
  }
  async function refresh() {
    let text = "";
    try {
      const got = await fetch(LIST, { cache: "no-cache", credentials: "omit" });
      text = got.ok ? await got.text() : "";
    } catch (error) {
      text = "";
    }
    trouble = text ? "" : trouble == "list_forged" ? trouble : "list_failed";
    if (text) await take(text, true).catch(() => { trouble = "list_forged"; });
    showState();
  }

  async function look(video, detector) {
    let last = "";
    for (; camera; await new Promise(done => setTimeout(done, 150))) {
      const [found] = await detector.detect(video).catch(() => []);
      if (found && found.rawValue != last) await check(last = found.rawValue);
    }
  }
  async function watch(event) {
    const video = document.getElementById("video"), button = event.target;
    if (camera) {
      camera.getTracks().forEach(track => track.stop());
      camera = null;
    } else {
      try {
        camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        video.srcObject = camera;
        await video.play();
        look(video, new BarcodeDetector({ formats: ["qr_code"] }));
      } catch (error) {
        camera = null;
        put(make("p", say("camera_failed"), "warn"));
      }
    }
    video.hidden = !camera;
    button.textContent = say(camera ? "camera_stop" : "camera_start");
  }
  async function offerCamera() {
    if (!window.BarcodeDetector || !navigator.mediaDevices) return;
    if (!(await BarcodeDetector.getSupportedFormats()).includes("qr_code")) return;
    document.getElementById("camera").hidden = false;
    document.getElementById("camera").firstElementChild.onclick = watch;
  }

  async function start() {
    if (!key || !window.DecompressionStream || !window.crypto || !crypto.subtle || !window.caches) return;
    document.getElementById("cannot").hidden = true;
    form.hidden = document.getElementById("list").hidden = false;
    box.focus();
    form.onsubmit = event => {
      event.preventDefault();
      const text = box.value;
      box.value = "";
      box.focus();
      if (text) check(text);
    };
    document.getElementById("refresh").onclick = refresh;
    window.addEventListener("online", refresh);
    setInterval(showState, 20000);
    setInterval(refresh, 900000);
    offerCamera();
    await recall();
    showState();
    if (navigator.serviceWorker) navigator.serviceWorker.register(worker, { scope: location.pathname });
    await refresh();
  }
  start();
})();
