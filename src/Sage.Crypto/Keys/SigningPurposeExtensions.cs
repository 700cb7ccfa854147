namespace Sage.Crypto;

/// <summary>The shape of each <see cref="SigningPurpose"/>.</summary>
public static class SigningPurposeExtensions
{
    /// <summary>Whether bytes have the shape of a purpose. No byte string has the shape of two.</summary>
    /// <param name="purpose">The purpose.</param>
    /// <param name="data">The bytes to be signed.</param>
    public static bool Accepts(this SigningPurpose purpose, ReadOnlySpan<byte> data) => Internal.SigningShapes.Accepts(purpose, data);
}
