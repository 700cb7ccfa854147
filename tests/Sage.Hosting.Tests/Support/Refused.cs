namespace Sage.Hosting.Tests.Support;

/// <summary>What sources of secrets throw.</summary>
internal static class Refused
{
    /// <summary>Runs and gives the exception, which is all that a caller learns.</summary>
    public static SecretException By(ISecretSource source, string reference, SecretError error)
    {
        SecretException? exception = Assert.ThrowsAsync<SecretException>(async () =>
        {
            using SecretValue value = await source.ReadAsync(reference);
        });
        Assert.That(exception!.Error, Is.EqualTo(error), exception.Message);
        return exception;
    }
}
