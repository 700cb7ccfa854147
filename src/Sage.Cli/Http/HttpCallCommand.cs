using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Sage.Did;
using Sage.HttpSignatures;

namespace Sage.Cli;

/// <summary><c>sage http call</c>.</summary>
internal static class HttpCallCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        Argument<Uri?> url = new("URL") { Description = "The http or https URL to call. Redirects are not followed.", CustomParser = ParseUrl };
        Option<string> home = SharedOptions.Home();
        Option<string> registryFile = SharedOptions.Registry();
        Option<string?> passphraseFile = SharedOptions.PassphraseFile();
        Option<AgentDid> to = new("--to") { Description = "Take an answer of this agent only; of any in the registry unless told.", HelpName = "DID", CustomParser = DidArgument.Parse };
        Option<HttpMethod?> method = new("--method") { Description = "The method. [default: POST with a body, else GET]", HelpName = "M", CustomParser = ParseMethod };
        Option<string?> bodyFile = new("--body-file") { Description = "A file with the body; - is standard input.", HelpName = "F", CustomParser = PathArgument.Parse };
        Option<MediaTypeHeaderValue?> type = new("--content-type")
        {
            Description = "The media type of the body. [default: application/octet-stream]",
            HelpName = "T",
            CustomParser = ParseType,
        };
        Option<string> policy = HttpPolicy.CreateOption(SignaturePolicy.Sage);
        Option<int> count = new("--count")
        {
            Description = "How many times to call, each signed afresh; prints a summary instead of the body.",
            HelpName = "N",
            CustomParser = NumberArgument.Between(1, int.MaxValue),
        };
        Option<bool> json = SharedOptions.Json();
        CliCommand command = new("call", "Send a signed request and print the answer, if it is signed for that request. Exit code 1 if it is refused or does not verify.")
        {
            url,
            home,
            registryFile,
            passphraseFile,
            to,
            method,
            bodyFile,
            type,
            policy,
            count,
            json,
        };
        command.Examples =
        [
            "sage http call http://127.0.0.1:5001/signed-echo --home bob --registry agents.json --body-file order.json --content-type application/json",
            "sage http call https://agents.example/whoami --home bob --registry agents.json --policy default",
            "sage http call https://alice.example/signed-echo --home bob --registry agents.json --body-file - --to did:sage:ethereum:0x… --count 100",
        ];
        command.Run(async (parsed, cancellationToken) =>
        {
            byte[]? body = parsed.GetValue(bodyFile) is { } file ? await Inputs.ReadAsync(terminal, file, RawHttpMessage.MaxBodySize, cancellationToken) : null;
            FileAgentRegistry registry = RegistryFile.Open(parsed.GetRequiredValue(registryFile));
            using AgentHome agent = await AgentHome.OpenAsync(parsed.GetRequiredValue(home), parsed.GetValue(passphraseFile), cancellationToken);
            string keyId = await agent.RequireRegisteredAsync(registry, cancellationToken);
            string? expected = parsed.GetResult(to) is null ? null : parsed.GetValue(to).Value;
            int calls = parsed.GetResult(count) is null ? 1 : parsed.GetValue(count);

            using SignedCaller caller = new(agent.Agent.Signer, keyId, registry, HttpPolicy.Named(parsed.GetRequiredValue(policy)));
            HashSet<string> subjects = new(StringComparer.Ordinal);
            SignedAnswer? answer = null;
            long started = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++)
            {
                using HttpRequestMessage request = new(parsed.GetValue(method) ?? (body is null ? HttpMethod.Get : HttpMethod.Post), parsed.GetValue(url));
                if (body is not null)
                {
                    request.Content = new ByteArrayContent(body);
                    request.Content.Headers.ContentType = parsed.GetValue(type) ?? new MediaTypeHeaderValue("application/octet-stream");
                }

                answer = await caller.CallAsync(request, cancellationToken);
                if (expected is not null && answer.Signature.Subject != expected)
                {
                    throw CommandException.Refused($"The answer is signed by {answer.Signature.Subject}.");
                }

                subjects.Add(answer.Signature.Subject);
            }

            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            if (parsed.GetResult(count) is not null)
            {
                await terminal.Text.WriteLineAsync(parsed.GetValue(json) ? SummaryJson(calls, subjects, elapsed) : Summary(calls, subjects, elapsed));
            }
            else if (parsed.GetValue(json))
            {
                await terminal.Text.WriteLineAsync(answer!.ToJson());
            }
            else
            {
                await terminal.Output.WriteAsync(answer!.Body, cancellationToken);
                await terminal.Output.FlushAsync(cancellationToken);
            }
        });
        return command;
    }

    private static string Summary(int calls, HashSet<string> subjects, TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture, $"{calls} calls, all answers signed by {string.Join(", ", subjects)}, {elapsed.TotalMilliseconds / calls:F2} ms each");

    private static string SummaryJson(int calls, HashSet<string> subjects, TimeSpan elapsed) => JsonText.Object(members =>
    {
        members.WriteNumber("calls", calls);
        members.WriteStartArray("subjects");
        foreach (string subject in subjects)
        {
            members.WriteStringValue(subject);
        }

        members.WriteEndArray();
        members.WriteNumber("milliseconds_each", Math.Round(elapsed.TotalMilliseconds / calls, 3));
    });

    private static Uri? ParseUrl(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.UserInfo.Length > 0)
        {
            result.AddError($"'{text}' is not an http or https URL without user information.");
        }

        return url;
    }

    private static HttpMethod? ParseMethod(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        try
        {
            return new HttpMethod(text);
        }
        catch (Exception problem) when (problem is FormatException or ArgumentException)
        {
            result.AddError($"'{text}' is not a method.");
            return null;
        }
    }

    private static MediaTypeHeaderValue? ParseType(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!MediaTypeHeaderValue.TryParse(text, out MediaTypeHeaderValue? type))
        {
            result.AddError($"'{text}' is not a media type.");
        }

        return type;
    }
}
