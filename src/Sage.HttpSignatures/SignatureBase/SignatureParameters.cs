using System.Diagnostics.CodeAnalysis;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures.SignatureBase;

/// <summary>The parameters of one signature (RFC 9421 §2.3). Those that are unknown stay in the received text and count for nothing here.</summary>
internal struct SignatureParameters
{
    // What INonceStore and IKeyResolver take.
    private const int LongestNonce = 1024;
    private const int LongestKeyId = 512;

    // The year 5138: no sum of times goes beyond the calendar.
    private const long LatestTime = 99_999_999_999;

    public long? Created;
    public long? Expires;
    public string? Nonce;
    public string? Algorithm;
    public string? KeyId;
    public string? Tag;

    public static bool TryRead(StructuredValue member, out SignatureParameters parameters)
    {
        parameters = default;
        foreach (StructuredValue parameter in member.Parameters)
        {
            bool read = parameter.Key switch
            {
                "created" => TryReadTime(parameter, out parameters.Created),
                "expires" => TryReadTime(parameter, out parameters.Expires),
                "nonce" => parameter.TryGetString(out parameters.Nonce) && parameters.Nonce.Length <= LongestNonce,
                "alg" => TryReadAlgorithm(parameter, out parameters.Algorithm),
                "keyid" => parameter.TryGetString(out parameters.KeyId) && parameters.KeyId.Length <= LongestKeyId,
                "tag" => parameter.TryGetString(out parameters.Tag),
                _ => true,
            };
            if (!read)
            {
                return false;
            }
        }

        return true;
    }

    // Negative times and those no calendar reaches are refused here, so that nothing overflows later.
    private static bool TryReadTime(StructuredValue parameter, out long? seconds)
    {
        bool read = parameter.TryGetInteger(out long value) && value >= 0 && value <= LatestTime;
        seconds = read ? value : null;
        return read;
    }

    private static bool TryReadAlgorithm(StructuredValue parameter, [NotNullWhen(true)] out string? algorithm)
    {
        // The registered names are constants here, so the usual message allocates none.
        foreach (string known in SignatureAlgorithm.Names)
        {
            if (parameter.IsString(known))
            {
                algorithm = known;
                return true;
            }
        }

        return parameter.TryGetString(out algorithm);
    }
}
