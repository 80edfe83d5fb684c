// Checks codes with dcc-utils. In: a line {"signers": {kid: …}}, then a line {"text": …} for each
// code. Out: for each code {"accepted": true or false, "why": …}.
const { DCC } = require('dcc-utils');

async function check(text, signers) {
  const dcc = await DCC.fromRaw(text);
  const signer = signers[dcc.kid];
  if (!signer) return 'no signer with this kid';
  if (!(await dcc.checkSignatureWithCertificate(signer.certificate))) return 'signature';
  // Its second way, by a list of keys, does not know PS256.
  const listed = signer.publicKeyAlgorithm.name !== 'ECDSA'
    || (await dcc.checkSignatureWithKeysList(signers));
  return listed ? '' : 'signature, by the list';
}

(async () => {
  const lines = require('readline').createInterface({ input: process.stdin });
  let signers = null;
  for await (const line of lines) {
    const told = JSON.parse(line);
    if (signers === null) {
      signers = told.signers;
    } else {
      const why = await check(told.text, signers).catch((error) => String(error));
      process.stdout.write(`${JSON.stringify({ accepted: why === '', why })}\n`);
    }
  }
})();
