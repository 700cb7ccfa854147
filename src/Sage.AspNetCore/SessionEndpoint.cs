using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Sage.Session;

namespace Sage.AspNetCore;

/// <summary>One HTTP exchange of the session endpoint: limits and status codes here, everything else in the listener.</summary>
internal sealed class SessionEndpoint(SessionListener listener, SessionHandler handler, ILogger logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            await WriteTextAsync(context, StatusCodes.Status405MethodNotAllowed, "Method not allowed");
            return;
        }

        try
        {
            byte[]? body = await BodyReader.ReadAsync(context.Request, listener.MaxBodySize, context.RequestAborted);
            if (body is null)
            {
                await WriteTextAsync(context, StatusCodes.Status413PayloadTooLarge, "request body too large");
                return;
            }

            SessionRequest request = new(body, RemoteAddress(context), name => Header(context.Request.Headers, name));
            byte[] answer = (await listener.HandleAsync(request, handler, context.RequestAborted)).ToJson();
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer, context.RequestAborted);
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            // The server refused the body on its way in: too slow, badly chunked.
            Log.BodyRefused(logger, exception.StatusCode);
            context.Response.StatusCode = exception.StatusCode;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            Log.CallerGone(logger);
        }
    }

    private static string? Header(IHeaderDictionary headers, string name) =>
        headers.TryGetValue(name, out StringValues values) ? values.ToString() : null;

    private static string RemoteAddress(HttpContext context)
    {
        IPAddress? address = context.Connection.RemoteIpAddress;
        return address is null ? "local" : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }

    private static Task WriteTextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = text.Length;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
