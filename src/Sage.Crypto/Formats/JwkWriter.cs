using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sage.Crypto.Internal;

/// <summary>Writes JWKs.</summary>
internal static class JwkWriter
{
    /// <summary>The required members in canonical form: the input of the thumbprint (RFC 7638 §3.2).</summary>
    public static string Canonical(PublicKey key)
    {
        if (key.Algorithm.IsRsa)
        {
            _ = RsaDer.TryReadPublicKey(key.Bytes, out RsaNumbers numbers);
            return $$"""{"e":"{{StrictBase64.EncodeUrl(numbers.E)}}","kty":"RSA","n":"{{StrictBase64.EncodeUrl(numbers.N)}}"}""";
        }

        KeyFormat format = KeyFormat.Of(key.Algorithm);
        string y = format.IsEc ? $",\"y\":\"{StrictBase64.EncodeUrl(Coordinates.Y(key))}\"" : "";
        return $$"""{"crv":"{{format.Curve}}","kty":"{{format.Type}}","x":"{{StrictBase64.EncodeUrl(Coordinates.X(key))}}"{{y}}}""";
    }

    /// <summary>The canonical form, for RSA with <c>alg</c> before it, which it needs to be read again.</summary>
    public static string Public(PublicKey key) => key.Algorithm.IsRsa
        ? $"{{\"alg\":\"{RsaFormat.JwkName(key.Algorithm)}\",{Canonical(key)[1..]}"
        : Canonical(key);

    /// <summary>UTF-8 in a pinned array that the caller zeroes.</summary>
    public static byte[] Private(PrivateKey key)
    {
        byte[] raw = GC.AllocateArray<byte>(key.Size, pinned: true);
        try
        {
            key.Export(raw);
            byte[] before = Encoding.ASCII.GetBytes(Public(key.PublicKey)[..^1]);
            RsaNumbers numbers = default;
            if (key.Algorithm.IsRsa)
            {
                _ = RsaDer.TryReadPrivateKey(raw, out numbers);
            }
            else
            {
                numbers.D = raw;
            }

            int size = before.Length + MemberSize("d", numbers.D) + MemberSize("p", numbers.P) + MemberSize("q", numbers.Q)
                + MemberSize("dp", numbers.Dp) + MemberSize("dq", numbers.Dq) + MemberSize("qi", numbers.Qi) + 1;
            byte[] json = GC.AllocateArray<byte>(size, pinned: true);
            before.CopyTo(json, 0);
            Span<byte> rest = json.AsSpan(before.Length);
            Write("d", numbers.D, ref rest);
            Write("p", numbers.P, ref rest);
            Write("q", numbers.Q, ref rest);
            Write("dp", numbers.Dp, ref rest);
            Write("dq", numbers.Dq, ref rest);
            Write("qi", numbers.Qi, ref rest);
            rest[0] = (byte)'}';
            return json;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
        }
    }

    // ,"name":"value", or nothing where there is no value.
    private static int MemberSize(string name, ReadOnlySpan<byte> value) =>
        value.IsEmpty ? 0 : name.Length + 6 + Base64Url.GetEncodedLength(value.Length);

    private static void Write(string name, ReadOnlySpan<byte> value, ref Span<byte> rest)
    {
        if (value.IsEmpty)
        {
            return;
        }

        int at = Encoding.ASCII.GetBytes($",\"{name}\":\"", rest);
        at += Base64Url.EncodeToUtf8(value, rest[at..]);
        rest[at] = (byte)'"';
        rest = rest[(at + 1)..];
    }
}
