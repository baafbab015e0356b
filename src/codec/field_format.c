/* Dates, times, UUIDs as text. */
#include "codec/field.h"

enum { YEAR_MIN = 1900, YEAR_MAX = 2199 };

/* Does `s` look like `shape`, where 'd' is a digit, 'x' a hexadecimal digit, and all else is itself? */
static bool shaped(struct str s, const char *shape)
{
    if (s.n != strlen(shape)) return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.at[i], letter = (char)(c | 32);
        bool digit = c >= '0' && c <= '9', hex = digit || (letter >= 'a' && letter <= 'f');

        if (shape[i] == 'd' ? !digit : shape[i] == 'x' ? !hex : c != shape[i]) return false;
    }
    return true;
}

static int digits(const char *at, int n)
{
    int number = 0;

    for (int i = 0; i < n; i++) number = number * 10 + (at[i] - '0');
    return number;
}

static int days_in_month(int year, int month)
{
    static const signed char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

bool date_valid(struct str s)
{
    int year, month, day;

    if (!shaped(s, "dddd-dd-dd")) return false;
    year = digits(s.at, 4);
    month = digits(s.at + 5, 2);
    day = digits(s.at + 8, 2);
    return year >= YEAR_MIN && year <= YEAR_MAX && month >= 1 && month <= 12 && day >= 1 &&
           day <= days_in_month(year, month);
}

bool time_valid(struct str s)
{
    return shaped(s, "dd:dd") && digits(s.at, 2) < 24 && digits(s.at + 3, 2) < 60;
}

bool uuid_valid(struct str s)
{
    return shaped(s, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
}

/* Hinnant, days_from_civil: the year starts in March, so that the leap day is its last. */
int64_t date_days(struct str s)
{
    int64_t month = digits(s.at + 5, 2), day = digits(s.at + 8, 2), year = digits(s.at, 4) - (month <= 2);
    int64_t era = year / 400, yoe = year - era * 400,
            doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}
