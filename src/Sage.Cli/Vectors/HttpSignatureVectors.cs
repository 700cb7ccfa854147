using System.Text;
using Sage.Crypto;
using Sage.Crypto.Internal;

namespace Sage.Cli;

/// <summary><c>rfc9421.json</c>: signed HTTP requests and a response (SAGE profile P1 §3).</summary>
internal static class HttpSignatureVectors
{
    private static readonly string[] Optional = ["nonce", "tag"];

    public static VectorSuite Suite { get; } = new("rfc9421", new Dictionary<string, Action<VectorCase>>
    {
        ["request-ed25519"] = CheckRequest,
        ["request-es256k"] = CheckRequest,
        ["request-ecdsa-p256-sha256"] = CheckRequest,
        ["request-target-ed25519"] = CheckRequest,
        ["request-tag-ed25519"] = CheckRequest,
        ["response-ed25519"] = CheckResponse,
    });

    private static void CheckRequest(VectorCase vector)
    {
        HttpVectorMessage request = HttpVectorMessage.ReadRequest(vector.Input);
        Check(vector, request, inReplyTo: null);
    }

    private static void CheckResponse(VectorCase vector)
    {
        VectorObject requestInput = vector.Input.Object("request");
        HttpVectorMessage request = HttpVectorMessage.ReadRequest(requestInput);
        string parameters = Parameters(requestInput);
        using PrivateKey requester = Key(requestInput);
        string label = requestInput.Text("signature_name");
        request.Fields["signature"] = $"{label}=:{Convert.ToBase64String(requester.Sign(Base(requestInput, request, null, parameters)))}:";
        vector.Output.Expect("request_signature", request.Fields["signature"]);
        vector.Output.Expect("request_signature_input", $"{label}={parameters}");

        Check(vector, HttpVectorMessage.ReadResponse(vector.Input), request);
    }

    private static void Check(VectorCase vector, HttpVectorMessage message, HttpVectorMessage? inReplyTo)
    {
        string label = vector.Input.Text("signature_name");
        vector.Output.Expect("content_digest", message.Fields["content-digest"]);
        vector.Output.Expect("signature_input", $"{label}={Parameters(vector.Input)}");

        // A verifier takes the parameters as received, whatever they are; so does this.
        string received = vector.Output.Text("signature_input")[(label.Length + 1)..];
        byte[] signatureBase = Base(vector.Input, message, inReplyTo, received);
        vector.Output.Expect("signature_base", Encoding.UTF8.GetString(signatureBase));

        using PrivateKey key = Key(vector.Input);
        if (vector.IsDeterministic)
        {
            vector.Output.Expect("signature", $"{label}=:{Convert.ToBase64String(key.Sign(signatureBase))}:");
        }

        byte[] signature = Signature(vector.Output.Text("signature"), label, key.Algorithm.SignatureSize);
        VectorCase.Require(key.PublicKey.Verify(signatureBase, signature), "output.signature does not verify");
        signatureBase[0] ^= 1;
        VectorCase.Require(!key.PublicKey.Verify(signatureBase, signature), "output.signature verifies another message");
    }

    private static byte[] Base(VectorObject input, HttpVectorMessage message, HttpVectorMessage? inReplyTo, string parameters)
    {
        StringBuilder lines = new();
        foreach (string component in input.Texts("covered"))
        {
            lines.Append(component).Append(": ").Append(message.Value(component, inReplyTo)).Append('\n');
        }

        return Encoding.UTF8.GetBytes(lines.Append("\"@signature-params\": ").Append(parameters).ToString());
    }

    private static string Parameters(VectorObject input)
    {
        StringBuilder text = new($"({string.Join(' ', input.Texts("covered"))})");
        text.Append($";keyid=\"{input.Text("keyid")}\";alg=\"{input.Text("alg")}\";created={input.Integer("created")}");
        foreach (string name in Optional.Where(input.Has))
        {
            text.Append($";{name}=\"{input.Text(name)}\"");
        }

        return text.ToString();
    }

    private static PrivateKey Key(VectorObject input) => VectorKeys.Import(
        input.Text("alg") switch
        {
            "ed25519" => KeyAlgorithm.Ed25519,
            "es256k" => KeyAlgorithm.Secp256k1,
            "ecdsa-p256-sha256" => KeyAlgorithm.P256,
            string other => throw new VectorMismatchException($"input.alg {other} is not known"),
        },
        input.Text("key_label"));

    private static byte[] Signature(string field, string label, int size)
    {
        string start = label + "=:";
        return field.StartsWith(start, StringComparison.Ordinal) && field.EndsWith(':') && field.Length > start.Length
            && StrictBase64.TryDecode(field.AsSpan(start.Length..^1), size, out byte[]? signature)
            ? signature
            : throw new VectorMismatchException("output.signature is not a signature field");
    }
}
