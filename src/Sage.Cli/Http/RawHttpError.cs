namespace Sage.Cli;

/// <summary>Why bytes are not one message of HTTP/1.1 (RFC 9112). The set is closed.</summary>
internal enum RawHttpError
{
    None,

    /// <summary>There is nothing.</summary>
    Empty,

    /// <summary>The start line and the fields are longer than 64 KiB, or the trailers are.</summary>
    HeadTooLarge,

    /// <summary>The body is longer than 16 MiB.</summary>
    BodyTooLarge,

    /// <summary>There are more than 200 fields.</summary>
    TooManyFields,

    /// <summary>The empty line that ends the fields is missing.</summary>
    HeadIncomplete,

    /// <summary>The first line is neither a request line nor a status line of HTTP/1.0 or HTTP/1.1.</summary>
    InvalidStartLine,

    /// <summary>The request target is not a path, an absolute URI without user information, or an asterisk.</summary>
    InvalidTarget,

    /// <summary>A line is no field, or the name of the field is not a token.</summary>
    InvalidField,

    /// <summary>The value of a field holds a control character.</summary>
    InvalidFieldValue,

    /// <summary>A request has no <c>Host</c>, or more than one.</summary>
    InvalidHost,

    /// <summary><c>Content-Length</c> is not one number.</summary>
    InvalidContentLength,

    /// <summary>The body is framed in two ways, or in one that is not supported: only <c>chunked</c> is.</summary>
    InvalidTransferEncoding,

    /// <summary>The body does not consist of chunks.</summary>
    InvalidChunk,

    /// <summary>The body is shorter than announced.</summary>
    BodyIncomplete,

    /// <summary>Something follows the message.</summary>
    TrailingData,
}
