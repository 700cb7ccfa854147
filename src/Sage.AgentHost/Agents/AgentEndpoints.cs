using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Sage.Did;

namespace Sage.AgentHost;

/// <summary>Looks agents up and takes the writes of their owners.</summary>
internal static class AgentEndpoints
{
    public const string ResolveOperation = "ResolveAgent";
    public const string ResolutionType = "application/did-resolution";

    // A record has at most some dozens of keys; what is longer is none.
    private const int MaxRecordSize = 64 * 1024;

    public static void MapAgents(this WebApplication application)
    {
        RouteGroupBuilder agents = application.MapGroup("/agents").WithTags("Agents");
        agents.MapGet("/{did}", ResolveAsync)
            .WithName(ResolveOperation).WithSummary("Looks an agent up by its DID.")
            .WithDescription("The result has the form of W3C DID Resolution. Age and source are in didResolutionMetadata.")
            .Produces<object>(StatusCodes.Status200OK, ResolutionType)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(410).ProducesProblem(501).ProducesProblem(503);
        if (application.Services.GetService<IAgentRegistry>() is not null)
        {
            agents.MapPost("", WriteAsync)
                .WithName("WriteAgent").WithSummary("Registers an agent, or writes the next version of its record.")
                .WithDescription("The record carries its owner's proof (owner_proof), which is what authorises the write; see the registry's format.")
                .Accepts<object>("application/json")
                .Produces(StatusCodes.Status200OK).Produces(StatusCodes.Status201Created)
                .ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422)
                .ProducesProblem(503).ProducesProblem(507);
        }
    }

    private static async Task<IResult> ResolveAsync(
        [Description("The DID, for example did:key:z6Mk…")] string did, IDidResolver resolver, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        if (!AgentDid.TryParse(did, out AgentDid parsed))
        {
            return Problem(StatusCodes.Status400BadRequest, "not a DID");
        }

        DidResolution resolution;
        try
        {
            resolution = await resolver.ResolveAsync(parsed, cancellationToken);
        }
        catch (DidResolutionException)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, "the registry cannot be reached");
        }

        return resolution.Status switch
        {
            DidResolutionStatus.Resolved => TypedResults.Bytes(resolution.ToJson(timeProvider.GetUtcNow()), ResolutionType),
            DidResolutionStatus.Deactivated => Problem(StatusCodes.Status410Gone, "the agent is deactivated"),
            DidResolutionStatus.MethodNotSupported => Problem(StatusCodes.Status501NotImplemented, "no registry for this DID method"),
            DidResolutionStatus.Invalid => Problem(StatusCodes.Status400BadRequest, "not a valid DID, or its record is not valid"),
            _ => Problem(StatusCodes.Status404NotFound, "no such agent"),
        };
    }

    private static async Task<IResult> WriteAsync(HttpRequest request, IAgentRegistry registry, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            return Problem(StatusCodes.Status415UnsupportedMediaType, "a record is application/json");
        }

        if (await ReadAsync(request, cancellationToken) is not { } body)
        {
            return Problem(StatusCodes.Status413PayloadTooLarge, $"a record has at most {MaxRecordSize} bytes");
        }

        if (!AgentRecord.TryParse(body, out AgentRecord? record))
        {
            return Problem(StatusCodes.Status400BadRequest, "not a record");
        }

        try
        {
            return Result(await registry.WriteAsync(record, cancellationToken), record);
        }
        catch (DidResolutionException)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, "the registry cannot be written");
        }
    }

    private static IResult Result(RegistryWriteResult result, AgentRecord record) => result switch
    {
        RegistryWriteResult.Written => record.Version == 1 ? TypedResults.Created($"/agents/{Uri.EscapeDataString(record.Did.Value)}") : TypedResults.Ok(),
        RegistryWriteResult.NotAuthorised => Problem(StatusCodes.Status403Forbidden, "the owner's proof is missing or does not hold"),
        RegistryWriteResult.VersionConflict => Problem(StatusCodes.Status409Conflict, "another version is registered"),
        RegistryWriteResult.Deactivated => Problem(StatusCodes.Status409Conflict, "the agent is deactivated"),
        RegistryWriteResult.StoredRecordInvalid => Problem(StatusCodes.Status409Conflict, "the registered record is not valid"),
        RegistryWriteResult.NotFound => Problem(StatusCodes.Status404NotFound, "no such agent"),
        RegistryWriteResult.Full => Problem(StatusCodes.Status507InsufficientStorage, "the registry is full"),
        RegistryWriteResult.RevokedKey => Problem(StatusCodes.Status422UnprocessableEntity, "a revoked key does not return"),
        _ => Problem(StatusCodes.Status422UnprocessableEntity, "the record is not valid, or not the change that its proof names"),
    };

    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxRecordSize)
        {
            return null;
        }

        byte[] buffer = new byte[MaxRecordSize + 1];
        int length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > MaxRecordSize ? null : buffer[..length];
    }

    private static ProblemHttpResult Problem(int status, string title) => TypedResults.Problem(statusCode: status, title: title);
}
