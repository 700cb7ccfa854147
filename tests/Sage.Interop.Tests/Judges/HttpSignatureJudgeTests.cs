using System.Text.Json.Nodes;
using Sage.HttpSignatures;

namespace Sage.Interop.Tests.Judges;

/// <summary>Signatures of ours under the eyes of other implementations, and theirs under ours, case by generated case.</summary>
[NonParallelizable]
internal sealed class HttpSignatureJudgeTests
{
    private readonly Dictionary<string, JudgeKey> keys = [];
    private Judge judge = null!;
    private int accepted;
    private int refused;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        judge = await Judge.StartAsync();
        foreach (JudgeAlgorithm algorithm in JudgeAlgorithm.All)
        {
            keys.Add(algorithm.Name, new JudgeKey(algorithm.Key));
        }
    }

    [OneTimeTearDown]
    public void Stop()
    {
        judge?.Dispose();
        foreach (JudgeKey key in keys.Values)
        {
            key.Dispose();
        }

        TestContext.Progress.WriteLine($"Judged by other libraries: {accepted} signatures accepted, {refused} changed messages refused by both sides.");
    }

    [TestCaseSource(typeof(JudgeCases), nameof(JudgeCases.All))]
    public async Task We_sign_and_they_verify_and_neither_takes_a_changed_message(JudgeCase item)
    {
        JudgeKey key = keys[item.Algorithm];
        string keyId = KeyIdOf(item, key);
        SignatureFields fields = await new HttpMessageSigner(key.Signer, keyId, item.Policy(key.Public.Algorithm))
            .SignAsync(item.Message.ToContext(), new SigningOverrides { Nonce = item.Nonce });
        await JudgeAsync(item, key, keyId, item.Message.With(new SignatureText(fields.SignatureInput, fields.Signature)));
    }

    [TestCaseSource(typeof(JudgeCases), nameof(JudgeCases.TheySign))]
    public async Task They_sign_and_we_verify_and_neither_takes_a_changed_message(JudgeCase item)
    {
        JudgeKey key = keys[item.Algorithm];
        string keyId = KeyIdOf(item, key);
        (SignatureText? signature, string? reason) = await judge.SignAsync(item.Sign(key.PrivateJwk, keyId, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));
        Assert.That(signature, Is.Not.Null, reason);
        await JudgeAsync(item, key, keyId, item.Message.With(signature!));
    }

    [Test]
    public void The_table_holds_every_kind_of_component_and_at_least_40_cases_for_each_library()
    {
        JudgeCase[] cases = [.. JudgeCases.All()];
        HashSet<string> kinds = [.. cases.Where(item => item.Library == JudgeCases.HttpMessageSignatures)
            .SelectMany(item => item.Components).Select(component => System.Text.RegularExpressions.Regex.Replace(component.Identifier, "=\"[^\"]*\"", ""))];
        Assert.That(kinds, Is.SupersetOf((string[])
        [
            "\"@method\"", "\"@target-uri\"", "\"@authority\"", "\"@scheme\"", "\"@request-target\"", "\"@path\"", "\"@query\"", "\"@query-param\";name",
            "\"@status\"", "\"@method\";req", "\"@query-param\";name;req", "\"x-plain\"", "\"x-empty\"", "\"x-many\"", "\"x-many\";bs", "\"x-bytes\";bs",
            "\"x-dict\";sf", "\"x-dict\";key", "\"x-dict\";key;req", "\"x-list\";sf", "\"x-item\";sf", "\"content-digest\"", "\"content-digest\";req", "\"signature\";req",
        ]));
        Assert.That(cases.Count(item => item.Library == JudgeCases.HttpMessageSignatures), Is.GreaterThanOrEqualTo(40));
        Assert.That(cases.Count(item => item.Library == JudgeCases.WebBotAuth), Is.GreaterThanOrEqualTo(40));
        TestContext.Progress.WriteLine($"{cases.Length} cases, {JudgeCases.TheySign().Count()} of them signed by either side and the others by us: {string.Join(", ", cases.CountBy(item => $"{item.Library} {item.Algorithm}").Select(pair => $"{pair.Key} {pair.Value}"))}.");
    }

    private static string KeyIdOf(JudgeCase item, JudgeKey key) => item.Library == JudgeCases.WebBotAuth ? key.Public.Thumbprint : item.KeyId;

    private async Task JudgeAsync(JudgeCase item, JudgeKey key, string keyId, JudgedMessage signed)
    {
        HttpMessageVerifier verifier = new(new OneKey(keyId, key.Public));
        SignaturePolicy policy = item.Policy(key.Public.Algorithm);
        SignatureVerificationResult result = await verifier.VerifyAsync(signed.ToContext(), policy);
        Assert.That(result.Error, Is.EqualTo(SignatureError.None), $"{result.Detail}\n{Show(signed)}");
        Assert.That(await judge.VerifyAsync(Question(signed)), Is.Null, Show(signed));
        accepted++;

        // Only what it says that it covers: the signer may cover more than it was asked to.
        List<string> misses = [];
        Tampering[] changed = [.. Tampering.Of(signed, result.Signature!.Components)];
        IReadOnlyList<string?> reasons = await judge.VerifyAsync([.. changed.Select(tampering => Question(tampering.Message))]);
        for (int i = 0; i < changed.Length; i++)
        {
            if ((await verifier.VerifyAsync(changed[i].Message.ToContext(), policy with { RequestComponents = [], ResponseComponents = [] })).IsValid)
            {
                misses.Add($"we accept: {changed[i].Name}\n{Show(changed[i].Message)}");
            }

            if (reasons[i] is null)
            {
                misses.Add($"they accept: {changed[i].Name}\n{Show(changed[i].Message)}");
            }
        }

        refused += changed.Length;
        if (signed.Body.Length > 0)
        {
            result = await verifier.VerifyAsync(Tampering.Body(signed).Message.ToContext(), policy);
            Assert.That(result.Error, Is.EqualTo(SignatureError.DigestMismatch));
        }

        Assert.That(misses, Is.Empty, string.Join('\n', misses));

        JsonObject Question(JudgedMessage message)
        {
            JsonObject question = item.Verify(message, key.PublicJwk);
            question["keys"] = new JsonArray(key.PublicJwk);
            return question;
        }
    }

    private static string Show(JudgedMessage message) => message.ToJson().ToJsonString();
}
