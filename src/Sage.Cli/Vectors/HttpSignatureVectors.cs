using System.Text;
using Sage.Crypto;
using Sage.HttpSignatures;
using Sage.HttpSignatures.SignatureBase;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.Cli;

/// <summary><c>rfc9421.json</c>: signed HTTP requests and a response (SAGE profile P1 §3), through the signer and the verifier themselves.</summary>
internal static class HttpSignatureVectors
{
    // The times of the vectors are fixed; that is what an age of zero is for.
    private static readonly SignaturePolicy Policy = SignaturePolicy.Sage with { MaxAge = TimeSpan.Zero };

    public static VectorSuite Suite { get; } = new("rfc9421", new Dictionary<string, Action<VectorCase>>
    {
        ["request-ed25519"] = CheckRequest,
        ["request-es256k"] = CheckRequest,
        ["request-ecdsa-p256-sha256"] = CheckRequest,
        ["request-target-ed25519"] = CheckRequest,
        ["request-tag-ed25519"] = CheckRequest,
        ["response-ed25519"] = CheckResponse,
    });

    private static void CheckRequest(VectorCase vector) => Check(vector, HttpVectorMessage.ReadRequest(vector.Input));

    private static void CheckResponse(VectorCase vector)
    {
        VectorObject requestInput = vector.Input.Object("request");
        HttpVectorMessage request = HttpVectorMessage.ReadRequest(requestInput);
        SignatureFields signed = Sign(requestInput, request);
        vector.Output.Expect("request_signature", signed.Signature);
        vector.Output.Expect("request_signature_input", signed.SignatureInput);
        request["signature"] = signed.Signature;

        Check(vector, HttpVectorMessage.ReadResponse(vector.Input, request));
    }

    private static void Check(VectorCase vector, HttpVectorMessage message)
    {
        vector.Output.Expect("content_digest", message["content-digest"]);
        SignatureFields signed = Sign(vector.Input, message);
        vector.Output.Expect("signature_input", signed.SignatureInput);
        if (vector.IsDeterministic)
        {
            vector.Output.Expect("signature", signed.Signature);
        }

        message["signature-input"] = vector.Output.Text("signature_input");
        message["signature"] = vector.Output.Text("signature");
        vector.Output.Expect("signature_base", Base(message));
        SignatureVerificationResult result = Verify(vector.Input, message);
        VectorCase.Require(result.IsValid, $"output.signature does not verify: {result.Error}");
        VectorCase.Require(
            result.Signature!.Components.Select(component => component.Identifier).SequenceEqual(vector.Input.Texts("covered"), StringComparer.Ordinal),
            "input.covered is not what is covered");

        message.SpoilBody();
        VectorCase.Require(Verify(vector.Input, message).Error == SignatureError.DigestMismatch, "output.signature verifies another body");
        message["content-digest"] = ContentDigest.Compute([]);
        VectorCase.Require(Verify(vector.Input, message).Error == SignatureError.BadSignature, "output.signature verifies another message");
    }

    private static SignatureFields Sign(VectorObject input, HttpVectorMessage message)
    {
        using PrivateKey key = Key(input);
        SigningOverrides overrides = new()
        {
            Label = input.Text("signature_name"),
            Nonce = input.Text("nonce"),
            Tag = input.Has("tag") ? input.Text("tag") : null,
            AdditionalComponents = [.. input.Texts("covered").Select(SignatureComponent.Parse)],
        };
        HttpMessageSigner signer = new(new KeySigner(key), input.Text("keyid"), Policy, timeProvider: FixedTime.At(input.Integer("created")));
        try
        {
            return signer.SignAsync(message.Context, overrides).AsTask().GetAwaiter().GetResult();
        }
        catch (SignatureException problem)
        {
            throw new VectorMismatchException(problem.Message);
        }
    }

    private static SignatureVerificationResult Verify(VectorObject input, HttpVectorMessage message)
    {
        using PrivateKey key = Key(input);
        TimeProvider time = FixedTime.At(input.Integer("created"));
        HttpMessageVerifier verifier = new(new GivenKeys([(input.Text("keyid"), key.PublicKey)], null, time), new InMemoryNonceStore(time), timeProvider: time);
        return verifier.VerifyAsync(message.Context, Policy with { Label = input.Text("signature_name") }).AsTask().GetAwaiter().GetResult();
    }

    private static string Base(HttpVectorMessage message)
    {
        SignatureBaseWriter writer = default;
        SignatureError error = HttpMessageVerifier.TryParse(message.Context, out StructuredField? inputs, out StructuredField? signatures);
        if (error == SignatureError.None
            && (error = ReceivedSignature.TryRead(inputs!, 0, signatures!, out ReceivedSignature received)) == SignatureError.None
            && (error = received.ReadComponents(out SignatureComponent[] components)) == SignatureError.None)
        {
            SignatureBaseBuilder.Write(components, received.ReceivedText, message.Context, Policy, ref writer);
            error = writer.Error;
        }

        string text = Encoding.ASCII.GetString(writer.Written.Span);
        writer.Dispose();
        return error == SignatureError.None ? text : throw new VectorMismatchException($"output.signature is not a signature field: {error}");
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
}
