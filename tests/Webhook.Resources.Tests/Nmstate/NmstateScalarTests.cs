using Webhook.Resources.Nmstate;

namespace Webhook.Resources.Tests.Nmstate;

public sealed class NmstateScalarTests
{
    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("'Yes'", true)]
    [InlineData("'oN'", true)]
    [InlineData("'y'", true)]
    [InlineData("'1'", true)]
    [InlineData("'NO'", false)]
    [InlineData("'off'", false)]
    [InlineData("2", null)]
    [InlineData("'maybe'", null)]
    [InlineData("'{{ capture.a }}'", null)]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    public void A_boolean_may_be_a_word_or_a_digit(string yaml, bool? expected) => Assert.Equal(expected, NmstateScalar.Boolean(States.Value(yaml)));

    [Theory]
    [InlineData("9000", 9000L)]
    [InlineData("'9000'", 9000L)]
    [InlineData("'+9000'", 9000L)]
    [InlineData("'0x2328'", 9000L)]
    [InlineData("0", 0L)]
    [InlineData("-1", null)]
    [InlineData("'-1'", null)]
    [InlineData("9000.5", null)]
    [InlineData("'9000 '", null)]
    [InlineData("' 9000'", null)]
    [InlineData("'9k'", null)]
    [InlineData("'0xffffffffffffffff'", null)]
    [InlineData("'99999999999999999999'", null)]
    [InlineData("true", null)]
    [InlineData("{}", null)]
    public void A_number_may_be_a_string(string yaml, long? expected) => Assert.Equal(expected, NmstateScalar.Integer(States.Value(yaml)));

    [Theory]
    [InlineData("eth0", "eth0")]
    [InlineData("100", "100")]
    [InlineData("''", null)]
    [InlineData("true", null)]
    [InlineData("[eth0]", null)]
    public void A_name_may_be_a_number(string yaml, string? expected) => Assert.Equal(expected, NmstateScalar.Name(States.Value(yaml)));
}
