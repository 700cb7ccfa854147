using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sage.HttpSignatures;
using Sage.HttpSignatures.Internal;

namespace Sage.AspNetCore;

/// <summary>The one answer to every request that is not authenticated: problem details (RFC 9457) that give no reason.</summary>
internal static class SignatureChallenge
{
    public const string Title = "authentication failed";

    /// <summary>Writes it.</summary>
    /// <param name="response">The response.</param>
    /// <param name="wanted">The signature that would have been accepted (RFC 9421 §5).</param>
    /// <param name="reason">Why, if the caller may know.</param>
    public static async Task WriteAsync(HttpResponse response, AcceptSignature wanted, HttpSignatureChallengeContext? reason)
    {
        // Another scheme of the same endpoint may have answered; then only what this one accepts is added.
        bool answered = response.HasStarted || response.Headers.ContainsKey(AcceptSignature.FieldName);
        if (response.HasStarted)
        {
            return;
        }

        response.StatusCode = StatusCodes.Status401Unauthorized;
        response.Headers.Append(AcceptSignature.FieldName, wanted.ToString());
        if (answered)
        {
            return;
        }

        ReadOnlyMemory<byte> body = Body(reason);
        response.ContentType = "application/problem+json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, response.HttpContext.RequestAborted);
    }

    private static ReadOnlyMemory<byte> Body(HttpSignatureChallengeContext? reason)
    {
        ArrayBufferWriter<byte> body = new(128);
        using Utf8JsonWriter json = new(body);
        json.WriteStartObject();
        json.WriteString("title"u8, Title);
        json.WriteNumber("status"u8, StatusCodes.Status401Unauthorized);
        if (reason is not null && reason.Error != SignatureError.None)
        {
            json.WriteString("reason"u8, SignatureInstruments.ErrorType(reason.Error));
            if (reason.Detail is not null)
            {
                json.WriteString("detail"u8, reason.Detail);
            }
        }

        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }
}
