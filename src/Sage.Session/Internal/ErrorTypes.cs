using System.Text.Json;

namespace Sage.Session;

/// <summary>The closed sets of <c>error.type</c> values.</summary>
internal static class ErrorTypes
{
    private static readonly string[] Refusals = [.. Enum.GetNames<Refusal>().Select(ToSnakeCase)];
    private static readonly string[] Errors = [.. Enum.GetNames<SessionError>().Select(ToSnakeCase)];

    public static string Of(Refusal refusal) => refusal == Refusal.Other ? "_OTHER" : Refusals[(int)refusal];

    public static string Of(Exception exception) => exception switch
    {
        SessionException session => Errors[(int)session.Error],
        OperationCanceledException => "cancelled",
        _ => "_OTHER",
    };

    private static string ToSnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
