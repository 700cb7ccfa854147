namespace Sage.Crypto.Internal;

/// <summary>The numbers of an RSA key (RFC 8017 A.1), each unsigned, big-endian and without leading zeros. No copy is made.</summary>
internal ref struct RsaNumbers
{
    public ReadOnlySpan<byte> N;
    public ReadOnlySpan<byte> E;

    // Empty in a public key.
    public ReadOnlySpan<byte> D;
    public ReadOnlySpan<byte> P;
    public ReadOnlySpan<byte> Q;
    public ReadOnlySpan<byte> Dp;
    public ReadOnlySpan<byte> Dq;
    public ReadOnlySpan<byte> Qi;
}
