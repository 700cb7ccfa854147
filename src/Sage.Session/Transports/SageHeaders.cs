using System.Net.Http.Headers;

namespace Sage.Session;

/// <summary>The <c>X-SAGE-*</c> headers (SAGE profile P1 §8.3). They repeat the body, which alone counts.</summary>
internal static class SageHeaders
{
    public const string Did = "X-SAGE-DID";
    public const string MessageId = "X-SAGE-Message-ID";
    public const string ContextId = "X-SAGE-Context-ID";
    public const string TaskId = "X-SAGE-Task-ID";
    private const string MetadataPrefix = "X-SAGE-Meta-";

    public static void Write(HttpRequestHeaders headers, WireMessage message)
    {
        Add(headers, Did, message.Did);
        Add(headers, MessageId, message.Id);
        Add(headers, ContextId, message.ContextId);
        Add(headers, TaskId, message.TaskId);
        foreach ((string name, string value) in message.Metadata)
        {
            Add(headers, MetadataPrefix + name, value);
        }
    }

    /// <summary>The name of the first header that is present and differs from the body, or <see langword="null"/>.</summary>
    public static string? FindMismatch(Func<string, string?> header, WireMessage message) =>
        Differs(header(Did), message.Did) ? Did
        : Differs(header(MessageId), message.Id) ? MessageId
        : Differs(header(ContextId), message.ContextId) ? ContextId
        : Differs(header(TaskId), message.TaskId) ? TaskId
        : null;

    private static bool Differs(string? header, string? member) => header is not null && header != (member ?? "");

    private static void Add(HttpRequestHeaders headers, string name, string? value)
    {
        // A missing header is fine, a bent one is a refusal: leave out what a header cannot carry as it is.
        if (!string.IsNullOrEmpty(value) && !value.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }
}
