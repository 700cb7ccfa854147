namespace Sage.Crypto.Tests.KeyStore;

/// <summary>The constraint that a call is refused by the key store for one reason.</summary>
internal static class Refusal
{
    public static NUnit.Framework.Constraints.EqualConstraint<KeyStoreError> With(KeyStoreError error) =>
        Throws.TypeOf<KeyStoreException>().With.Property(nameof(KeyStoreException.Error)).EqualTo(error);
}
