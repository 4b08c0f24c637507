using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Webhook.Resources.Tests;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("16", "16")]
    [InlineData("16Gi", "17179869184")]
    [InlineData("16G", "16000000000")]
    [InlineData("1.5Gi", "1610612736")]
    [InlineData(".5Ki", "512")]
    [InlineData("5.", "5")]
    [InlineData("5.Ki", "5120")]
    [InlineData("500m", "0.500")]
    [InlineData("1e3", "1000")]
    [InlineData("1E3", "1000")]
    [InlineData("1E", "1000000000000000000")]
    [InlineData("12e-1", "1.2")]
    [InlineData("-1Ki", "-1024")]
    [InlineData("+1k", "1000")]
    public void An_amount_is_read_in_base_units(string text, string amount) =>
        Assert.Equal(decimal.Parse(amount, CultureInfo.InvariantCulture), Quantity.Parse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Gi")]
    [InlineData("16 Gi")]
    [InlineData("16gi")]
    [InlineData("16GB")]
    [InlineData("1,000")]
    [InlineData("1e99")]
    [InlineData("99999999999Ei")]
    [InlineData("0x10")]
    [InlineData("lots")]
    public void What_is_no_amount_or_passes_all_bounds_is_none(string? text) => Assert.Null(Quantity.Parse(text));

    [Fact]
    public void Any_text_is_read_without_an_exception() =>
        Prop.ForAll<string>(static text =>
        {
            _ = Quantity.Parse(text);
            _ = Quantity.Parse("1" + text);
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_suffix_of_1024s_multiplies() =>
        Prop.ForAll<int>(static number => Quantity.Parse(number.ToString(CultureInfo.InvariantCulture) + "Ki") == number * 1024m).QuickCheckThrowOnFailure();
}
