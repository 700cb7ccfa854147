using Sage.Hosting.Tests.Support;

namespace Sage.Hosting.Tests.Secrets;

/// <summary>Secrets in environment variables.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class EnvironmentSecretSourceTests
{
    private const string Name = "SAGE_TEST_SECRET";

    [TearDown]
    public void Unset() => Environment.SetEnvironmentVariable(Name, null);

    [Test]
    public async Task The_value_is_the_secret()
    {
        Environment.SetEnvironmentVariable(Name, " Host=db ");

        using SecretValue value = await new EnvironmentSecretSource().ReadAsync(Name);

        Assert.That(value.Reveal(), Is.EqualTo(" Host=db "));
    }

    [Test]
    public void A_variable_that_is_not_set_is_named() =>
        Assert.That(Refused.By(new EnvironmentSecretSource(), Name, SecretError.NotFound).Message, Does.Contain(Name));

    [Test]
    public void A_secret_that_is_too_large_is_refused_and_not_repeated()
    {
        Environment.SetEnvironmentVariable(Name, new string('x', SecretValue.MaxSize + 1));

        Assert.That(Refused.By(new EnvironmentSecretSource(), Name, SecretError.InvalidSecret).ToString(), Does.Not.Contain("xxx"));
    }
}
