using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sage.Interop.Tests.Judges;

/// <summary>
/// Other people's libraries in one Node process (tests/interop/judges/judge.mjs), installed once per run from their lock file.
/// </summary>
internal sealed class Judge : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Lazy<Task<string?>> Installation = new(InstallAsync);

    private readonly Process process;
    private readonly Task<string> errors;

    private Judge(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
    }

    private static string Folder => Path.Combine(RunningProcess.OutputFolder, "judges");

    /// <summary>Starts the judge; without npm or the packages the test is skipped, and in continuous integration it fails.</summary>
    public static async Task<Judge> StartAsync()
    {
        if (await Installation.Value is { } missing)
        {
            if (Environment.GetEnvironmentVariable("CI") is "true" or "1")
            {
                Assert.Fail(missing);
            }

            Assert.Ignore(missing);
        }

        return new Judge(Start("node", "judge.mjs"));
    }

    /// <summary>Asks one question and returns the answer; an answer that takes too long, or none, fails the test.</summary>
    public async Task<JsonObject> AskAsync(JsonObject question)
    {
        using CancellationTokenSource patience = new(Patience);
        await process.StandardInput.WriteLineAsync(question.ToJsonString().AsMemory(), patience.Token);
        await process.StandardInput.FlushAsync(patience.Token);
        return await ReadAsync(patience.Token);
    }

    /// <summary>Lets a library verify several messages, all of them asked before the first answer is read.</summary>
    public async Task<IReadOnlyList<string?>> VerifyAsync(IReadOnlyList<JsonObject> questions)
    {
        using CancellationTokenSource patience = new(Patience);
        await process.StandardInput.WriteAsync(string.Concat(questions.Select(question => question.ToJsonString() + "\n")).AsMemory(), patience.Token);
        await process.StandardInput.FlushAsync(patience.Token);
        List<string?> reasons = [];
        foreach (JsonObject _ in questions)
        {
            reasons.Add(ReasonIn(await ReadAsync(patience.Token)));
        }

        return reasons;
    }

    /// <summary>Lets a library sign; null if it refuses, with the reason.</summary>
    public async Task<(SignatureText? Signature, string? Reason)> SignAsync(JsonObject question)
    {
        JsonObject answer = await AskAsync(question);
        return answer["fields"] is JsonObject fields
            ? (new SignatureText(fields["signature-input"]!.GetValue<string>(), fields["signature"]!.GetValue<string>()), null)
            : (null, answer["error"]!.GetValue<string>());
    }

    /// <summary>Lets a library verify: null if it accepts, otherwise why not.</summary>
    public async Task<string?> VerifyAsync(JsonObject question) => ReasonIn(await AskAsync(question));

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }

    private static string? ReasonIn(JsonObject answer) =>
        answer["error"]?.GetValue<string>() ?? (answer["valid"]!.GetValue<bool>() ? null : "not valid");

    private async Task<JsonObject> ReadAsync(CancellationToken cancellationToken) =>
        await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line
            ? JsonNode.Parse(line)!.AsObject()
            : throw new AssertionException($"The judge has ended: {await errors}");

    /// <summary>Null once the packages are there, otherwise what is missing and how to get it.</summary>
    private static async Task<string?> InstallAsync()
    {
        Process npm;
        try
        {
            npm = Start("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "npm is needed for the tests against other implementations: apt-get install -y npm (or Node from nodejs.org, which brings it).";
        }

        using (npm)
        {
            npm.StandardInput.Close();
            Task<string> output = npm.StandardOutput.ReadToEndAsync();
            Task<string> said = npm.StandardError.ReadToEndAsync();
            using CancellationTokenSource patience = new(Patience);
            try
            {
                await npm.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                npm.Kill(entireProcessTree: true);
                return $"The packages of tests/interop/judges could not be installed: 'npm ci' took longer than {Patience.TotalSeconds} s.";
            }

            return npm.ExitCode == 0
                ? null
                : $"The packages of tests/interop/judges could not be installed; 'npm ci' needs a registry or its cache:\n{await output}\n{await said}";
        }
    }

    private static Process Start(string file, params string[] arguments)
    {
        ProcessStartInfo start = new(file, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
